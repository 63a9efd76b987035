import type { Problem } from "../../components/core/errors.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

/** Docker gives one device to any number of containers, which then run out of its memory together (C-41). */
export function gpuProblems({ running }: DeploymentPlan): Problem[] {
  const owners = new Map<string, string>();
  const problems: Problem[] = [];
  for (const stage of running) {
    for (const [name, { gpu }] of Object.entries(stage.services)) {
      const key = `stages.${stage.name}.services.${name}.gpu`;
      for (const device of gpu !== undefined && "devices" in gpu ? gpu.devices : []) {
        const owner = owners.get(device);
        if (owner !== undefined) {
          problems.push({
            key,
            reason: `got the device "${device}", which ${owner} already has; give each service its own`,
          });
        }
        owners.set(device, key);
      }
    }
  }
  return problems;
}
