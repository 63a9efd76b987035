import { availableParallelism } from "node:os";
import { parseConfig } from "../../stacks/config/load.ts";
import { createDeployment } from "../../stacks/deployment.ts";
import { type RegisteredResource, startMocks } from "../support/mocks.ts";
import { BENCH_STACK } from "./repository-copy.ts";

/** Configuration of the project, keys without its prefix. */
export type Values = Readonly<Record<string, unknown>>;

/** Everything that the program would make under this configuration. */
export async function recordDeployment(values: Values): Promise<readonly RegisteredResource[]> {
  const recorder = await startMocks({ stack: BENCH_STACK });
  createDeployment({ config: parseConfig(values), hostCpus: availableParallelism() });
  return recorder.settled();
}

/** The configuration with one more stage. */
export function withStage(values: Values, stage: string): Values {
  return { ...values, stages: { ...(values["stages"] as Values | undefined), [stage]: {} } };
}
