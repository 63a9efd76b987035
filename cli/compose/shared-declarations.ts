import type { LogLevel, StageDefinition } from "../../components/stage/definition.ts";
import { databaseName, databaseUser, peerUrlVariable } from "../../components/stage/names.ts";
import type { ComposeContext } from "./context.ts";
import type { ServiceGroup } from "./groups.ts";
import type { Identity } from "./identity.ts";
import { interpolate } from "./interpolation.ts";
import type { StageDeclarations } from "./project.ts";

/** What the containers of a file that declares nothing show of the whole stage. */
export function inferDeclarations(
  identity: Identity,
  entry: ServiceGroup,
  groups: readonly ServiceGroup[],
  { peers, defaultLogLevel }: ComposeContext,
): StageDeclarations {
  const value = (variable: string): string | undefined => commonValue(groups, variable);
  const logLevel = LOG_LEVELS.find((level) => level === value("LOG_LEVEL"));
  const version = value("SERVICE_VERSION");
  const others = peers.filter(({ number }) => number !== identity.number);
  const databases = others.filter(({ number }) => value(`STAGE${number}_POSTGRES_DB`) !== undefined);
  const files = others.filter(({ number }) => mounts(groups, `/shared/stage${number}`));
  return {
    containerPrefix: containerPrefix(identity, entry),
    database: databaseNames(identity, value("POSTGRES_DB"), value("POSTGRES_USER")),
    ...(databases.length + files.length === 0
      ? {}
      : { reads: { databases: names(databases), files: names(files) } }),
    ...(mounts(groups, `/shared/stage${identity.number}`) ? { sharedFiles: true } : {}),
    ...(logLevel === undefined || logLevel === defaultLogLevel ? {} : { logLevel }),
    ...inferNeighbours(groups, others),
    ...(version === undefined || version === "1.0.0" ? {} : { version }),
  };
}

/** Stores and stages of which the variables of the file speak. */
function inferNeighbours(
  groups: readonly ServiceGroup[],
  others: readonly StageDefinition[],
): Pick<StageDeclarations, "stores" | "calls" | "subscribes"> {
  const variables = groups.flatMap(({ service }) => Object.entries(service.environment ?? {}));
  const names = new Set(variables.map(([name]) => name));
  const values = new Set(variables.map(([, value]) => interpolate(value).text));
  const optional = [
    ...(names.has("ELASTICSEARCH_URL") ? ["elasticsearch" as const] : []),
    ...(names.has("NEO4J_URL") ? ["neo4j" as const] : []),
  ];
  const called = others.filter(({ name }) => names.has(peerUrlVariable(name)));
  const consumed = others.filter(({ number, name }) => values.has(`stage${number}:${name}:events`));
  return {
    ...(optional.length === 0 ? {} : { stores: ["redis", "postgres", ...optional] }),
    ...(called.length === 0 ? {} : { calls: called.map(({ name }) => name) }),
    ...(consumed.length === 0 ? {} : { subscribes: consumed.map(({ name }) => ({ from: name })) }),
  };
}

const LOG_LEVELS: readonly LogLevel[] = ["DEBUG", "INFO", "WARNING", "ERROR"];

function commonValue(groups: readonly ServiceGroup[], variable: string): string | undefined {
  const values = groups.flatMap(({ service }) => service.environment?.[variable] ?? []);
  const [first] = new Set(values);
  return first === undefined ? undefined : interpolate(first).text;
}

function mounts(groups: readonly ServiceGroup[], path: string): boolean {
  return groups.some(({ service }) => service.volumes?.some(({ target }) => target === path) ?? false);
}

function names(stages: readonly StageDefinition[]): string[] | undefined {
  return stages.length === 0 ? undefined : stages.map(({ name }) => name);
}

/** What stands before the name of the entry in the name of its container, when that is not the stage's name. */
function containerPrefix({ name }: Identity, { name: entry, service }: ServiceGroup): string | undefined {
  const container = service.container_name ?? "";
  const prefix = container.endsWith(`-${entry}`) ? container.slice(0, -entry.length - 1) : name;
  return prefix === name ? undefined : prefix;
}

function databaseNames(
  identity: Identity,
  database: string | undefined,
  user: string | undefined,
): StageDeclarations["database"] {
  const plain = { ...identity, image: { reference: "" }, services: {} };
  const own = {
    ...(database === undefined || database === databaseName(plain) ? {} : { database }),
    ...(user === undefined || user === databaseUser(plain) ? {} : { user }),
  };
  return Object.keys(own).length === 0 ? undefined : own;
}
