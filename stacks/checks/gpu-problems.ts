import type { Problem } from "../../components/core/errors.ts";
import type { Gpu } from "../../components/stage/definition.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

interface Claim {
  readonly key: string;
  readonly gpu: Gpu;
  readonly replicas: number;
}

/** Docker gives one device to any number of containers, which then run out of its memory together (C-41). */
export function gpuProblems({ running }: DeploymentPlan): Problem[] {
  const claims = running.flatMap(({ name: stage, services }) =>
    Object.entries(services).flatMap(([name, { gpu, replicas = 1 }]) =>
      gpu === undefined ? [] : [{ key: `stages.${stage}.services.${name}.gpu`, gpu, replicas }],
    ),
  );
  return claims.flatMap((claim, index) => [
    ...replicaProblems(claim),
    ...namedDevices(claim).flatMap((device) =>
      claims
        // Of two that name a device, the later one is told.
        .filter((other, place) => (place < index && names(other, device)) || counts(other, device))
        .map((other) => ({
          key: claim.key,
          reason: `got the device "${device}", which ${other.key} already has; give each service its own devices`,
        })),
    ),
  ]);
}

function replicaProblems({ key, gpu, replicas }: Claim): Problem[] {
  if (replicas === 1 || !("devices" in gpu)) return [];
  return [
    {
      key,
      reason: `got devices for ${replicas} replicas, which would share them; define a service for each device`,
    },
  ];
}

function namedDevices({ gpu }: Claim): readonly string[] {
  return "devices" in gpu ? gpu.devices : [];
}

function names(claim: Claim, device: string): boolean {
  return namedDevices(claim).includes(device);
}

/** A count of n is the devices 0 to n-1; whether one named by its UUID is among them, only the host knows. */
function counts({ gpu }: Claim, device: string): boolean {
  return "count" in gpu && (gpu.count === "all" || Number(device) < gpu.count);
}
