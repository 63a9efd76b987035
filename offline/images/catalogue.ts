import type { GoProgramName } from "../go/recipes.ts";

/** An image that can be built without an image registry, from the folder of its name. */
interface OfflineImageRecipe {
  /** Version, written as the tag of the official image is; of Debian packages as far as it is stable there. */
  readonly tag: string;
  /** Compiled programs that the Dockerfile copies. */
  readonly programs: readonly GoProgramName[];
}

/**
 * Images built here in place of official ones. Each has the entrypoint, user ids, paths and environment variables
 * of the official image, so that whatever is written for that runs on this unchanged.
 */
export const OFFLINE_IMAGES = {
  debian: { tag: "trixie-slim", programs: [] },
  redis: { tag: "8.0", programs: [] },
  postgres: { tag: "17", programs: [] },
  haproxy: { tag: "3.0", programs: [] },
  alertmanager: { tag: "v0.28.1", programs: [] },
  "redis-exporter": { tag: "v1.69.0", programs: [] },
  "postgres-exporter": { tag: "v0.17.1", programs: [] },
  traefik: { tag: "v3.6.12", programs: ["traefik"] },
  prometheus: { tag: "v3.13.4", programs: ["prometheus", "promtool"] },
  loki: { tag: "3.7.8", programs: ["loki"] },
  tempo: { tag: "2.9.0", programs: ["tempo"] },
  "otel-collector": { tag: "0.149.0", programs: ["otelcol-contrib"] },
} as const satisfies Readonly<Record<string, OfflineImageRecipe>>;

export type OfflineImageName = keyof typeof OFFLINE_IMAGES;

/** Label of an image with the hash of what it was built from. */
export const CONTEXT_LABEL = "storytelling.context";

/** Image that all others are built on. */
export const BASE_IMAGE: OfflineImageName = "debian";

/** `storytelling-offline/<name>:<version>`: never an official name, so that nobody takes one for the other. */
export function offlineReference(name: OfflineImageName): string {
  return `storytelling-offline/${name}:${OFFLINE_IMAGES[name].tag}`;
}
