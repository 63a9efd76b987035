/** An amount of memory, for example `"512 MB"` or `"2 GB"`. Binary units, as Docker counts them. */
export type Size = `${number} ${"MB" | "GB"}`;

/** A length of time, for example `"500ms"`, `"10s"` or `"5m"`. */
export type Duration = `${number}${"ms" | "s" | "m" | "h"}`;

const MEGABYTES = { MB: 1, GB: 1024 } as const;
const MILLISECONDS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** How a size is written. */
export const SIZE = /^(\d+(?:\.\d+)?) (MB|GB)$/;

export function isSize(text: string): text is Size {
  return SIZE.test(text);
}

/** Whole megabytes, the unit in which the Docker provider takes memory. Throws on a malformed or negative size. */
export function toMegabytes(size: Size): number {
  return Math.round(inMegabytes(size));
}

function inMegabytes(size: Size): number {
  const match = SIZE.exec(size);
  if (match === null) {
    throw new Error(`invalid size "${size}": write a number, a space and MB or GB, for example "512 MB"`);
  }
  return Number(match[1]) * MEGABYTES[match[2] as keyof typeof MEGABYTES];
}

/** Whole bytes. Throws on a malformed or negative size. */
export function toBytes(size: Size): number {
  return Math.round(inMegabytes(size) * 1024 * 1024);
}

/** Whole milliseconds of a duration. Throws on a malformed or negative duration. */
export function toMilliseconds(duration: Duration): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration);
  if (match === null) {
    throw new Error(`invalid duration "${duration}": write a number and ms, s, m or h, for example "10s"`);
  }
  return Math.round(Number(match[1]) * MILLISECONDS[match[2] as keyof typeof MILLISECONDS]);
}

/**
 * The duration as Go prints it (`60s` becomes `1m0s`). Docker stores health timings and the provider reads
 * them back in this form; any other spelling is a difference on the next refresh.
 */
export function toGoDuration(duration: Duration): string {
  const total = toMilliseconds(duration);
  if (total < 1000) return total === 0 ? "0s" : `${total}ms`;
  const hours = Math.floor(total / 3_600_000);
  const minutes = Math.floor((total % 3_600_000) / 60_000);
  const seconds = (total % 60_000) / 1000;
  if (hours > 0) return `${hours}h${minutes}m${seconds}s`;
  return minutes > 0 ? `${minutes}m${seconds}s` : `${seconds}s`;
}

/**
 * CPUs, rounded to hundredths, as the provider reads them back: `2` becomes `2.0` and, by a quirk of its own, `10`
 * becomes `10.`. Any other spelling replaces the container on the next refresh.
 */
export function toCpuString(cpus: number): string {
  const rounded = Math.round(cpus * 100) / 100;
  if (!Number.isInteger(rounded)) return String(rounded);
  return String(rounded).includes("0") ? `${rounded}.` : `${rounded}.0`;
}
