import type { DeploymentOutputs } from "../../stacks/deployment.ts";
import type { StackState } from "./state.ts";

/** The outputs that the verbs read; none of them is secret. */
export type PlatformOutputs = Pick<DeploymentOutputs, "urls" | "services" | "stages" | "hostPorts">;

/** The program's outputs, or undefined while no `up` has reached its end. */
export function platformOutputs(state: StackState): PlatformOutputs | undefined {
  return state.outputs["urls"] === undefined ? undefined : (state.outputs as unknown as PlatformOutputs);
}
