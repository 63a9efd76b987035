import type * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import type { StageDefinition } from "./definition.ts";
import { stageProject, volumeName } from "./names.ts";
import { SHARED_FILES } from "./service-mounts.ts";

/** Volumes by which stages share files, by the name of the stage that writes. */
export type SharedFiles = ReadonlyMap<string, DataVolume>;

/** Makes the volume of every stage that shares files, before any stage, so that readers and writers come in any order. */
export function createSharedFiles(stages: readonly StageDefinition[], parent: pulumi.Resource): SharedFiles {
  return new Map(
    stages
      .filter(({ sharedFiles }) => sharedFiles === true)
      .map((stage) => [
        stage.name,
        new DataVolume(`${stageProject(stage)}-shared-files`, volumeName(stage, SHARED_FILES), { parent }),
      ]),
  );
}
