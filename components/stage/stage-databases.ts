import { readFileSync } from "node:fs";
import { basename } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import type { InitSql, OwnedDatabase, PostgresDatabase, PostgresServer } from "../core/handles.ts";
import type { StageDefinition } from "./definition.ts";
import type { StageConnections } from "./environment/connections.ts";
import {
  connectionLimit,
  databaseName,
  databaseUser,
  extraDatabaseName,
  idleInTransactionSeconds,
  initSqlContainerName,
  readerRole,
  stageProject,
  usesStore,
} from "./names.ts";

export interface StageDatabasesArgs {
  readonly definition: StageDefinition;
  /** All stages of the deployment: the sources of what this one reads are among them. */
  readonly peers: readonly StageDefinition[];
  readonly postgres: PostgresServer;
  /** Password of the stage's database user. Generated unless given. */
  readonly password?: pulumi.Output<string>;
  /** Whether the stage's containers run: its SQL runs in one of them. */
  readonly enabled: boolean;
}

/** What a stage has in the PostgreSQL server. */
export interface StageDatabases {
  readonly connections: Pick<
    StageConnections,
    "database" | "extraDatabases" | "sharedDatabase" | "readDatabases"
  >;
  /** What the stage's containers wait for. */
  readonly ready: readonly pulumi.Input<pulumi.Resource>[];
}

/** Asks the PostgreSQL server for everything that the stage's definition names. */
export function createStageDatabases(
  name: string,
  args: StageDatabasesArgs,
  parent: pulumi.Resource,
): StageDatabases {
  const own = usesStore(args.definition, "postgres") ? createOwn(name, args, parent) : undefined;
  const readDatabases = createReaders(name, args, parent);
  return {
    connections: { ...(own === undefined ? {} : ownConnections(args.definition, own)), readDatabases },
    ready: [
      ...(own === undefined ? [] : [...own.ready, ...(own.sharedDatabase?.ready ?? []), ...own.initialized]),
      ...[...readDatabases.values()].flatMap(({ ready }) => ready),
    ],
  };
}

function createOwn(
  name: string,
  { definition, postgres, password, enabled }: StageDatabasesArgs,
  parent: pulumi.Resource,
): OwnedDatabase {
  const { extensions, extra, initSql } = definition.database ?? {};
  return postgres.createDatabase(
    `${name}-database`,
    {
      database: databaseName(definition),
      owner: databaseUser(definition),
      ...roleLimits(definition),
      ...(password === undefined ? {} : { password }),
      ...(extensions === undefined ? {} : { extensions }),
      ...(extra === undefined
        ? {}
        : { extraDatabases: extra.map((each) => extraDatabaseName(definition, each)) }),
      ...(initSql === undefined || !enabled ? {} : { initSql: readInitSql(definition, initSql) }),
      ...(usesStore(definition, "shared-database") ? { sharesData: true } : {}),
    },
    parent,
  );
}

/** By the number of the stage that is read, which may have a higher one than this and be made later. */
function createReaders(
  name: string,
  { definition, peers, postgres }: StageDatabasesArgs,
  parent: pulumi.Resource,
): ReadonlyMap<number, PostgresDatabase> {
  const sources = peers.filter((peer) => definition.reads?.databases?.includes(peer.name));
  return new Map(
    sources.map((source) => [
      source.number,
      postgres.createReader(
        `${name}-reads-stage${source.number}`,
        {
          role: readerRole(definition, source),
          database: databaseName(source),
          owner: databaseUser(source),
          ...roleLimits(definition),
        },
        parent,
      ),
    ]),
  );
}

function roleLimits(stage: StageDefinition): {
  readonly connectionLimit: number;
  readonly idleInTransactionSeconds: number;
} {
  return {
    connectionLimit: connectionLimit(stage),
    idleInTransactionSeconds: idleInTransactionSeconds(stage),
  };
}

function readInitSql(stage: StageDefinition, files: readonly string[]): InitSql {
  return {
    containerName: initSqlContainerName(stage),
    labels: {
      stage: String(stage.number),
      service: "init-sql",
      "com.docker.compose.project": stageProject(stage),
    },
    scripts: files.map((file) => ({ name: basename(file), text: readFileSync(file, "utf8") })),
  };
}

function ownConnections(stage: StageDefinition, own: OwnedDatabase): StageDatabases["connections"] {
  const extras = (stage.database?.extra ?? []).flatMap((name) => {
    const database = own.extraDatabases.get(extraDatabaseName(stage, name));
    return database === undefined ? [] : [[name, database] as const];
  });
  return {
    database: own,
    extraDatabases: new Map(extras),
    ...(own.sharedDatabase === undefined ? {} : { sharedDatabase: own.sharedDatabase }),
  };
}
