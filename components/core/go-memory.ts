import { type Size, toMegabytes } from "./units.ts";

/**
 * `GOMEMLIMIT` of a Go program in a container of this size: a tenth below, so that its garbage collector works
 * harder before the kernel kills it.
 */
export function goMemoryLimit(memory: Size): string {
  return `${Math.floor(toMegabytes(memory) * 0.9)}MiB`;
}
