import type { Environment } from "../core/environment.ts";
import type { Gpu, StageService } from "./definition.ts";

/**
 * The devices as the application counts them, from 0 on, whichever they are on the host (`000-153`). Nothing for a
 * service that sees all of them.
 */
export function gpuEnvironment({ gpu }: StageService): Environment {
  const count = gpu === undefined ? "all" : deviceCount(gpu);
  return count === "all"
    ? {}
    : { CUDA_VISIBLE_DEVICES: Array.from({ length: count }, (_, i) => i).join(",") };
}

function deviceCount(gpu: Gpu): number | "all" {
  return "count" in gpu ? gpu.count : gpu.devices.length;
}

/**
 * The devices in the spelling of the provider, which takes `all` or `device=0,2` and no count: a count of n is the
 * devices 0 to n-1. Docker reserves nothing, so two services with the same count share the same devices.
 */
export function gpuRequest(gpu: Gpu): string {
  if ("devices" in gpu) return `device=${gpu.devices.join(",")}`;
  if (gpu.count === "all") return "all";
  return `device=${Array.from({ length: gpu.count }, (_, index) => index).join(",")}`;
}
