import { assertNoProblems } from "../components/core/errors.ts";
import type { StageDefinition } from "../components/stage/definition.ts";
import type { Stage } from "../components/stage/stage.ts";
import { attachedStages } from "./attached-stages.ts";
import { deploymentProblems } from "./checks/deployment-problems.ts";
import type { Deployment } from "./config/load.ts";
import type { PlatformConfig } from "./config/schema.ts";
import {
  type PlatformUrls,
  platformUrls,
  type ServiceSummary,
  type StageSummary,
  stageServices,
  stageSummary,
} from "./outputs.ts";
import { Platform, REDIS_DATABASES } from "./platform.ts";
import { attachStages } from "./stages.ts";
import { Standalone } from "./standalone.ts";

/** The stack's outputs. Their names are API. */
export interface DeploymentOutputs {
  readonly urls: PlatformUrls;
  readonly services: readonly ServiceSummary[];
  readonly stages: readonly StageSummary[];
  readonly hostPorts: PlatformConfig["hostPorts"];
  /** How people log in, by service. Passwords are secret: `pulumi stack output credentials --show-secrets`. */
  readonly credentials: Platform["credentials"] & {
    /** Of what each stage connects to, by the name of the stage. */
    readonly stages: Readonly<Record<string, Stage["secrets"]>>;
  };
}

/**
 * The whole deployment: every check first, then the platform, then its stages. Throws a UserError that tells
 * every problem before any resource is declared.
 */
export function createDeployment(deployment: Deployment): DeploymentOutputs {
  const { config } = deployment;
  const attached = attachedStages(config);
  const stages = attached.map(({ definition }) => definition);
  const running = attached.filter(({ enabled }) => enabled).map(({ definition }) => definition);
  assertNoProblems(
    "The deployment contradicts itself:",
    deploymentProblems({ ...deployment, stages, running, redisDatabases: REDIS_DATABASES }),
  );
  const platform = createPlatform(config, stages);
  const components = attachStages(attached, platform, config);
  const urls = platformUrls(config);
  return {
    urls,
    services: [...platform.services, ...running.flatMap((stage) => stageServices(stage, urls.gateway))],
    stages: running.map((stage) => stageSummary(stage, urls.gateway, stages)),
    hostPorts: config.hostPorts,
    credentials: {
      ...platform.credentials,
      stages: Object.fromEntries([...components].map(([name, { secrets }]) => [name, secrets])),
    },
  };
}

/** The shared platform, or what the one stage of a stack has for itself. */
function createPlatform(config: PlatformConfig, [stage]: readonly StageDefinition[]): Platform | Standalone {
  if (config.mode === "platform" || stage === undefined) return new Platform("platform", { config });
  return new Standalone("standalone", { config, stage });
}
