import type Docker from "dockerode";
import { toMegabytes } from "../../components/core/units.ts";
import { serviceLimits } from "../../components/stage/profiles.ts";
import { attachedStages } from "../../stacks/attached-stages.ts";
import { LIMITS } from "../../stacks/catalog/platform-limits.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { isSwitchedOff } from "../../stacks/outputs.ts";

/** What a stage that stands alone has of the platform. */
const STANDALONE_ROLES: ReadonlySet<string> = new Set(["redis-broker", "postgres"]);

/**
 * A warning where the containers may take more memory together than the host has, which Docker accepts without a word
 * (`000-224`, C-40). Undefined where they fit.
 */
export async function memoryWarning(docker: Docker, config: PlatformConfig): Promise<string | undefined> {
  const { MemTotal } = (await docker.info()) as { readonly MemTotal: number };
  const host = MemTotal / 2 ** 20;
  const limits = memoryLimits(config);
  const sum = limits.reduce((total, limit) => total + limit, 0);
  if (sum <= host) return undefined;
  return (
    `the memory limits of ${limits.length} containers add up to ${gigabytes(sum)}, the Docker host has ${gigabytes(host)}: ` +
    `under load the kernel ends one. Lower storytelling:limitScale (now ${config.limitScale}), or switch a stage off.`
  );
}

/** The limit of every container that stays, in megabytes. */
function memoryLimits(config: PlatformConfig): number[] {
  const own = (Object.keys(LIMITS) as (keyof typeof LIMITS)[]).filter((role) =>
    config.mode === "standalone" ? STANDALONE_ROLES.has(role) : !isSwitchedOff(role, config),
  );
  const stages = attachedStages(config).filter(({ enabled }) => enabled);
  return [
    ...own.map((role) => toMegabytes(LIMITS[role].memory)),
    ...stages.flatMap(({ definition }) =>
      Object.entries(definition.services)
        .filter(([, { kind }]) => kind !== "job")
        .flatMap(([name, { replicas = 1 }]) =>
          Array.from({ length: replicas }, () => toMegabytes(serviceLimits(definition, name).memory)),
        ),
    ),
  ];
}

function gigabytes(megabytes: number): string {
  return `${(megabytes / 1024).toFixed(1)} GB`;
}
