import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { vi } from "vitest";
import { parse } from "yaml";
import type { DeploymentOutputs } from "../../stacks/deployment.ts";
import { type RegisteredResource, startMocks } from "../support/mocks.ts";
import { type JsonObject, toRedacted } from "../support/wire.ts";

/** What one run of the whole program asked the engine for, and what it exports. */
export interface ProgramRun {
  readonly outputs: DeploymentOutputs;
  /** By URN, so that two runs can be compared whatever their order was. */
  readonly resources: readonly RegisteredResource[];
}

export interface ProgramOptions {
  /** Keys of `Pulumi.dev.yaml` that are replaced or added, without their namespace. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly preview?: boolean;
}

/** Runs `index.ts` with the configuration of the stack `dev`, as often as wanted. */
export async function runProgram({ config = {}, preview = false }: ProgramOptions = {}): Promise<ProgramRun> {
  const recorder = await startMocks({
    stack: "dev",
    preview,
    config: asPulumiHandsItOver({ ...devConfig(), ...config }),
  });
  vi.resetModules();
  const stackTraceLimit = Error.stackTraceLimit;
  try {
    const outputs: DeploymentOutputs = await import("../../index.ts");
    const resources = await recorder.settled();
    return { outputs, resources: resources.toSorted((a, b) => (a.urn < b.urn ? -1 : 1)) };
  } finally {
    // The program lowers it for speed; a failing test wants its stack.
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** The outputs of every component by URN, secrets replaced: what is written into the state in plain text. */
export function registeredOutputs(): Readonly<Record<string, JsonObject>> {
  const monitor = pulumi.runtime.getMonitor() as unknown as {
    getRegisteredResources(): Map<string, { state: { toJavaScript?: () => JsonObject } }>;
  };
  return Object.fromEntries(
    [...monitor.getRegisteredResources()].flatMap(([urn, { state }]) =>
      state.toJavaScript === undefined ? [] : [[urn, toRedacted(state.toJavaScript())] as const],
    ),
  );
}

/** The name of a container, volume or network on the host. */
export function hostName({ inputs }: RegisteredResource): string {
  return inputs["name"] as string;
}

/** The resources of a type, in the order of their names. */
export function ofType({ resources }: ProgramRun, type: string): RegisteredResource[] {
  return resources.filter((resource) => resource.type === type);
}

function devConfig(): Record<string, unknown> {
  const { config } = parse(readFileSync("Pulumi.dev.yaml", "utf8")) as { config: Record<string, unknown> };
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key.replace("storytelling:", ""), value]),
  );
}

function asPulumiHandsItOver(config: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `storytelling:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
