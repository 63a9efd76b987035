import type { Mount } from "../core/managed-container.ts";
import type { StageDefinition, StageService } from "./definition.ts";
import { sharedPath, volumeName } from "./names.ts";

/** Name of the volume by which a stage shares files; reserved among its volumes. */
export const SHARED_FILES = "shared";

/** The service's own volumes, the files that its stage shares, and those of others that it may read (`002-073`). */
export function serviceMounts(
  stage: StageDefinition,
  service: StageService,
  peers: readonly StageDefinition[],
): Mount[] {
  const own = (service.volumes ?? []).map(({ name, path, readOnly }) => ({
    volume: volumeName(stage, name),
    path,
    ...(readOnly === undefined ? {} : { readOnly }),
  }));
  const shared = stage.sharedFiles === true ? [sharedMount(stage, false)] : [];
  const read = peers
    .filter(({ name }) => stage.reads?.files?.includes(name))
    .map((peer) => sharedMount(peer, true));
  return [...own, ...shared, ...read];
}

function sharedMount(owner: StageDefinition, readOnly: boolean): Mount {
  return { volume: volumeName(owner, SHARED_FILES), path: sharedPath(owner), readOnly };
}

/** Names of the volumes of the stage's own services, without the shared files. */
export function ownVolumes(stage: StageDefinition): string[] {
  const names = Object.values(stage.services).flatMap(({ volumes }) =>
    (volumes ?? []).map(({ name }) => name),
  );
  return [...new Set(names)];
}
