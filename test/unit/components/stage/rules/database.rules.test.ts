import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../../components/stage/definition.ts";
import { databaseProblems } from "../../../../../components/stage/rules/database.rules.ts";
import { MINIMAL_STAGE } from "../fixtures.ts";

function problems(changes: Partial<StageDefinition>): string[] {
  return databaseProblems({ ...MINIMAL_STAGE, ...changes }).map(({ key, reason }) => `${key}: ${reason}`);
}

const TOO_LONG = "a".repeat(64);

describe("databaseProblems", () => {
  test.each<[string, Partial<StageDefinition>]>([
    ["no word of a database", {}],
    [
      "everything that a database can have",
      {
        stores: ["postgres", "shared-database"],
        reads: { databases: ["cleaning"] },
        database: {
          database: "workflow_intelligence_service",
          user: "stage4_user",
          connectionLimit: 10,
          idleInTransactionSeconds: 0,
          extensions: ["pg_trgm", "uuid-ossp"],
          extra: ["cache", "metadata_registry"],
          initSql: ["sql/topics/001-tables.sql", "sql/topics/002-rows.sql"],
        },
      },
    ],
    ["no PostgreSQL", { stores: ["redis"] }],
  ])("finds none in a definition with %s", (_what, changes) => {
    expect(problems(changes)).toEqual([]);
  });

  test.each<[string, Partial<StageDefinition>, string]>([
    [
      "a shared database without a user",
      { stores: ["redis", "shared-database"] },
      'stages.topic-models.stores: got "shared-database" without "postgres", whose user is the one that takes part; add "postgres"',
    ],
    [
      "a database without PostgreSQL",
      { stores: ["redis"], database: {} },
      'stages.topic-models.database: is given, but "postgres" is not among the stores; add it, or take the database away',
    ],
    [
      "a name that PostgreSQL would cut off (003-069)",
      { database: { database: TOO_LONG } },
      `stages.topic-models.database.database: got "${TOO_LONG}", allowed are lower-case letters, digits and underscores, at most 63, starting with a letter; give a shorter or plainer name`,
    ],
    [
      "the administrator as the owner",
      { database: { user: "storytelling_admin" } },
      'stages.topic-models.database.user: got "storytelling_admin", which the server, the platform or another stage has; choose another name',
    ],
    [
      "another stage's user as the owner",
      { database: { user: "stage1_user" } },
      'stages.topic-models.database.user: got "stage1_user", which the server, the platform or another stage has; choose another name',
    ],
    [
      "a further database whose variables are taken",
      { database: { extra: ["shared"] } },
      'stages.topic-models.database.extra: got "shared", whose variables or database the stage already has; choose another name',
    ],
    [
      "a further database that is the stage's own",
      { database: { extra: ["topic_models"] } },
      'stages.topic-models.database.extra: got "topic_models", whose variables or database the stage already has; choose another name',
    ],
    [
      "a further database twice",
      { database: { extra: ["cache", "cache"] } },
      'stages.topic-models.database.extra: got "cache" twice; name each once',
    ],
    [
      "an extension with a quote in it",
      { database: { extensions: ['x"; drop'] } },
      'stages.topic-models.database.extensions: got "x"; drop", must be the name of an extension, for example pg_trgm; rename it',
    ],
    [
      "two files of SQL that the database could not tell apart",
      { database: { initSql: ["a/1.sql", "b/1.sql"] } },
      'stages.topic-models.database.initSql: got "1.sql" twice; name each once',
    ],
    [
      "a file that is no SQL",
      { database: { initSql: ["dump.gz"] } },
      'stages.topic-models.database.initSql: got "dump.gz", must be a file whose name has letters, digits, dots and hyphens and ends with .sql; rename it',
    ],
    [
      "no connections at all",
      { database: { connectionLimit: 0 } },
      "stages.topic-models.database.connectionLimit: got 0, must be a whole number from 1 to 1000; correct it",
    ],
    [
      "a time before now",
      { database: { idleInTransactionSeconds: -1 } },
      "stages.topic-models.database.idleInTransactionSeconds: got -1, must be a whole number from 0 to 86400; correct it",
    ],
  ])("refuses %s", (_what, changes, problem) => {
    expect(problems(changes)).toEqual([problem]);
  });
});
