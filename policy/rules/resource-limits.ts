import type { ContainerInputs } from "../resource.ts";

/** Limits that are missing. */
export function resourceLimitProblems({ name, cpus, memory = 0, memorySwap = 0 }: ContainerInputs): string[] {
  return [
    ...(Number(cpus ?? 0) > 0 ? [] : [`${name} has no CPU limit; set cpus`]),
    ...(memory > 0 ? [] : [`${name} has no memory limit; set memory`]),
    ...(memorySwap === memory ? [] : [`${name} may swap beyond its memory; set memorySwap to memory`]),
  ];
}
