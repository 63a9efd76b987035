import type { StageDefinition } from "../../components/stage/definition.ts";
import type { Deployment } from "../config/load.ts";

/** What one deployment is made of, as far as its parts can contradict each other. */
export interface DeploymentPlan extends Deployment {
  /** Every stage that is named, running or not. */
  readonly stages: readonly StageDefinition[];
  /** Those whose containers run. */
  readonly running: readonly StageDefinition[];
  /** Databases of each Redis server. */
  readonly redisDatabases: number;
}
