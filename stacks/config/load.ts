import { availableParallelism } from "node:os";
import * as pulumi from "@pulumi/pulumi";
import { problemsError } from "../../components/core/errors.ts";
import { decode } from "./decode.ts";
import { explain, typeMessage } from "./explain.ts";
import { configSchema, type PlatformConfig } from "./schema.ts";

/** The configuration of this deployment with what the machine adds to it. */
export interface Deployment {
  readonly config: PlatformConfig;
  /** CPUs of the Docker host, the most that one container may ask for. */
  readonly hostCpus: number;
}

/**
 * Reads and checks the whole configuration, at this one place. Throws a UserError that names every key that is
 * wrong, before any resource exists.
 */
export function loadDeployment(): Deployment {
  const config = parseConfig(readNamespace(pulumi.getProject()));
  return { config, hostCpus: config.host.cpus ?? availableParallelism() };
}

/** The configuration with its defaults. Throws a UserError that names every key that is wrong. */
export function parseConfig(raw: Readonly<Record<string, unknown>>): PlatformConfig {
  const result = configSchema.safeParse(raw, { reportInput: true, error: typeMessage });
  if (result.success) return result.data;
  throw problemsError(
    "The stack's configuration is not valid; correct these keys of its Pulumi.<stack>.yaml (docs/configuration.md describes every key):",
    explain(result.error, configSchema),
  );
}

function readNamespace(namespace: string): Record<string, unknown> {
  const entries = Object.entries(pulumi.runtime.allConfig())
    .filter(([key]) => key.startsWith(`${namespace}:`))
    .map(([key, value]) => [key.slice(namespace.length + 1), decode(value)] as const);
  return Object.fromEntries(entries);
}
