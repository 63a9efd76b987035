import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import { execInContainer } from "../docker/engine.ts";
import { type ContainerFacts, takeInventory } from "../docker/inventory.ts";
import { readConfiguration } from "../pulumi/configuration.ts";
import { type PlatformOutputs, platformOutputs } from "../pulumi/outputs.ts";
import { readState } from "../pulumi/state.ts";
import type { Workspace } from "../pulumi/workspace.ts";
import { CheckFailure } from "./check.ts";
import { focusOn } from "./focus.ts";

/** On the network of observability, and its image has `wget`, as its own probe needs it. */
const LOOKOUT = "storytelling-prometheus";

/** What the checks ask. */
export interface VerifyContext {
  readonly docker: Docker;
  readonly outputs: PlatformOutputs;
  /** The stack's containers, by name. */
  readonly containers: ReadonlyMap<string, ContainerFacts>;
  /** Reads a secret output of the stack. */
  readonly readSecret: (name: string) => Promise<string>;
}

/** The whole stack, or one stage of it. Throws a UserError when nothing was brought up from here. */
export async function openContext(
  workspace: Workspace,
  docker: Docker,
  readSecret: VerifyContext["readSecret"],
  stage?: string,
): Promise<VerifyContext> {
  const state = await readState(workspace);
  const outputs = platformOutputs(state);
  if (outputs === undefined) {
    throw new UserError(
      `the stack "${workspace.stack}" was not brought up from here yet: run \`npm run up\` first`,
    );
  }
  const seen = stage === undefined ? outputs : focusOn(outputs, stage, await readConfiguration(workspace));
  const names = seen.services.map(({ container }) => container);
  const { containers } = await takeInventory(docker, state, workspace, names);
  return {
    docker,
    outputs: seen,
    containers: new Map(containers.map((facts) => [facts.name, facts])),
    readSecret,
  };
}

/** A container of the stack. Throws a CheckFailure when it is not there. */
export function containerOf({ containers }: VerifyContext, name: string): ContainerFacts {
  const facts = containers.get(name);
  if (facts === undefined) throw new CheckFailure(`there is no container ${name}`);
  return facts;
}

/** The variables of a container. */
export function environmentOf(facts: ContainerFacts): Readonly<Record<string, string>> {
  return Object.fromEntries(
    facts.environment.map((entry) => {
      const separator = entry.indexOf("=");
      return [entry.slice(0, separator), entry.slice(separator + 1)] as const;
    }),
  );
}

/** Runs a command in a container and returns its output. Throws a CheckFailure with that output when it fails. */
export async function run(
  { docker }: VerifyContext,
  container: string,
  command: readonly string[],
  timeoutSeconds?: number,
): Promise<string> {
  const { exitCode, output } = await execInContainer(docker, container, command, timeoutSeconds);
  if (exitCode === 0) return output;
  throw new CheckFailure(`\`${command.at(-1)}\` in ${container} ended with ${exitCode}: ${output.trim()}`);
}

/** Asks a service that neither a port of the host nor a stage leads to. Returns the body as JSON. */
export async function queryInside<T>(
  context: VerifyContext,
  url: string,
  parameters: Readonly<Record<string, string>>,
): Promise<T> {
  const question = `${url}?${new URLSearchParams(parameters).toString()}`;
  const command = ["wget", "-q", "-T", "10", "-O", "-", question];
  return JSON.parse(await run(context, LOOKOUT, command)) as T;
}
