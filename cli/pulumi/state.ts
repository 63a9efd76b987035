import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Workspace } from "./workspace.ts";

/** What Pulumi remembers of one resource. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  /** Id of the physical object. */
  readonly id?: string;
  readonly inputs?: Properties;
  readonly outputs?: Properties;
  readonly protect?: boolean;
  /** The object was replaced and waits for its deletion. */
  readonly delete?: boolean;
  /** The object was deleted and waits for its replacement. */
  readonly pendingReplacement?: boolean;
}

export type Properties = Readonly<Record<string, unknown>>;

/** An operation that a killed run had begun. */
export interface PendingOperation {
  readonly type: "creating" | "updating" | "deleting" | "reading" | "importing";
  readonly resource: StateResource;
}

export interface StackState {
  /** Resources that stand for an object, without those that only wait for their deletion. */
  readonly resources: readonly StateResource[];
  /** Ids of every object that the state knows, replaced ones too. */
  readonly knownIds: ReadonlySet<string>;
  readonly pendingOperations: readonly PendingOperation[];
  readonly outputs: Properties;
}

export const TYPES = {
  container: "docker:index/container:Container",
  network: "docker:index/network:Network",
  volume: "docker:index/volume:Volume",
  database: "postgresql:index/database:Database",
  password: "random:index/randomPassword:RandomPassword",
  role: "postgresql:index/role:Role",
  grant: "postgresql:index/grant:Grant",
  defaultPrivileges: "postgresql:index/defaultPrivileges:DefaultPrivileges",
} as const;

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly StateResource[];
      readonly pending_operations?: readonly PendingOperation[];
    };
  };
}

/** The stack's state, read from the local backend: asking Pulumi for it costs a process. */
export async function readState(workspace: Workspace): Promise<StackState> {
  try {
    return parseState(await readFile(workspace.checkpointFile, "utf8"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return parseState("{}");
    throw error;
  }
}

export function parseState(text: string): StackState {
  const latest = (JSON.parse(text) as Checkpoint).checkpoint?.latest;
  const all = latest?.resources ?? [];
  return {
    resources: all.filter((resource) => resource.delete !== true && resource.pendingReplacement !== true),
    knownIds: new Set(all.flatMap(({ id }) => (id === undefined || id === "" ? [] : [id]))),
    pendingOperations: latest?.pending_operations ?? [],
    outputs: all.find(({ type }) => type === "pulumi:pulumi:Stack")?.outputs ?? {},
  };
}

/** The part of a URN after its last separator: the name that the program gave the resource. */
export function logicalName(urn: string): string {
  return urn.slice(urn.lastIndexOf("::") + 2);
}

/** Resources of one type that stand for an object on the host or in the database. */
export function resourcesOfType(state: StackState, type: string): StateResource[] {
  return state.resources.filter((resource) => resource.custom && resource.type === type);
}

/** What the last `up` or `destroy` changed, by kind of change. Undefined when there was none. */
export async function lastResourceChanges(
  workspace: Workspace,
): Promise<Readonly<Record<string, number>> | undefined> {
  const files = await readdir(workspace.historyDirectory).catch(() => []);
  const last = files
    .filter((file) => file.endsWith(".history.json"))
    .sort()
    .at(-1);
  if (last === undefined) return undefined;
  const entry = JSON.parse(await readFile(join(workspace.historyDirectory, last), "utf8")) as {
    readonly resourceChanges?: Readonly<Record<string, number>>;
  };
  return entry.resourceChanges ?? {};
}
