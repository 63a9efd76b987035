import * as pulumi from "@pulumi/pulumi";
import type { StageDefinition } from "../components/stage/definition.ts";
import { stageProject } from "../components/stage/names.ts";
import { createSharedFiles } from "../components/stage/shared-files.ts";
import { Stage, type StagePlatform } from "../components/stage/stage.ts";
import { type AttachedStage, inStartOrder } from "./attached-stages.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { platformImage, StageImages } from "./images.ts";

/** Attaches each stage to the platform. The stages by their names. */
export function attachStages(
  stages: readonly AttachedStage[],
  platform: StagePlatform & pulumi.Resource,
  config: PlatformConfig,
): ReadonlyMap<string, Stage> {
  const images = new StageImages(platformImage(config, "debian"), platform);
  const peers = stages.map(({ definition }) => definition);
  const sharedFiles = createSharedFiles(peers, platform);
  const attached = new Map<string, Stage>();
  for (const { definition, enabled } of inStartOrder(stages)) {
    const stage = new Stage(stageProject(definition), {
      definition,
      peers,
      sharedFiles,
      called: (definition.calls ?? []).flatMap((name) => attached.get(name)?.entry ?? []),
      enabled,
      platform,
      resolveImage: (image) => images.resolve(image),
      secret: (name) => givenSecret(name, config),
      defaultLogLevel: config.logLevel,
      ...givenPassword(definition, config),
    });
    attached.set(definition.name, stage);
  }
  return attached;
}

function givenPassword(
  stage: StageDefinition,
  config: PlatformConfig,
): { databasePassword?: pulumi.Output<string> } {
  const password = config.secrets[`STAGE${stage.number}_POSTGRES_PASSWORD`];
  return password === undefined ? {} : { databasePassword: pulumi.secret(password) };
}

/** A secret of the configuration. The checks have seen that it is there. */
function givenSecret(name: string, config: PlatformConfig): pulumi.Output<string> {
  return pulumi.secret(config.secrets[name] ?? "");
}
