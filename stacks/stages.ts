import * as pulumi from "@pulumi/pulumi";
import type { StageDefinition } from "../components/stage/definition.ts";
import { stageProject } from "../components/stage/names.ts";
import { Stage } from "../components/stage/stage.ts";
import type { AttachedStage } from "./attached-stages.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { platformImage, StageImages } from "./images.ts";
import type { Platform } from "./platform.ts";

/** Attaches each stage to the platform. */
export function attachStages(
  stages: readonly AttachedStage[],
  platform: Platform,
  config: PlatformConfig,
): readonly Stage[] {
  const images = new StageImages(platformImage(config, "debian"), platform);
  return stages.map(
    ({ definition, enabled }) =>
      new Stage(stageProject(definition), {
        definition,
        enabled,
        platform,
        resolveImage: (image) => images.resolve(image),
        defaultLogLevel: config.logLevel,
        ...givenPassword(definition, config),
      }),
  );
}

function givenPassword(
  stage: StageDefinition,
  config: PlatformConfig,
): { databasePassword?: pulumi.Output<string> } {
  const password = config.secrets[`STAGE${stage.number}_POSTGRES_PASSWORD`];
  return password === undefined ? {} : { databasePassword: pulumi.secret(password) };
}
