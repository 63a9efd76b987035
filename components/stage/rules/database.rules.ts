import type { Problem } from "../../core/errors.ts";
import type { StageDefinition } from "../definition.ts";
import { databaseName, databaseUser, extraDatabaseName, usesStore } from "../names.ts";

/** PostgreSQL cuts a longer name off without a word (`003-069`). */
const LONGEST_NAME = 63;

const NAME = /^[a-z][a-z0-9_]*$/;
const EXTENSION = /^[a-z][a-z0-9_-]*$/;
const SQL_FILE = /^[A-Za-z0-9][A-Za-z0-9._-]*\.sql$/;

/** Prefixes of variables that already have a meaning. */
const RESERVED_EXTRA = /^(async|shared|stage\d+)$/;

/** What the server and the platform have made for themselves, and what they make for every stage. */
const RESERVED_NAMES = /^(pg_.*|postgres|template[01]|storytelling_.*|stage\d+_(user|reads_stage\d+))$/;

/** What is wrong with what one definition asks of the database server. */
export function databaseProblems(stage: StageDefinition): Problem[] {
  return [
    ...storeProblems(stage),
    ...nameProblems(stage, "database.database", databaseName(stage)),
    ...nameProblems(stage, "database.user", databaseUser(stage)),
    ...extraProblems(stage),
    ...listProblems(stage, "extensions", EXTENSION, "the name of an extension, for example pg_trgm"),
    ...listProblems(
      stage,
      "initSql",
      SQL_FILE,
      "a file whose name has letters, digits, dots and hyphens and ends with .sql",
    ),
    ...numberProblems(stage, "connectionLimit", 1, 1000),
    ...numberProblems(stage, "idleInTransactionSeconds", 0, 86_400),
  ];
}

/** The stage's user comes with its database. */
function storeProblems(stage: StageDefinition): Problem[] {
  if (usesStore(stage, "postgres")) return [];
  const problems: Problem[] = [];
  if (usesStore(stage, "shared-database")) {
    problems.push(
      problem(
        stage,
        "stores",
        'got "shared-database" without "postgres", whose user is the one that takes part; add "postgres"',
      ),
    );
  }
  if (stage.database !== undefined) {
    problems.push(
      problem(
        stage,
        "database",
        'is given, but "postgres" is not among the stores; add it, or take the database away',
      ),
    );
  }
  return problems;
}

function nameProblems(stage: StageDefinition, field: string, name: string): Problem[] {
  if (!NAME.test(name) || name.length > LONGEST_NAME) {
    return [
      problem(
        stage,
        field,
        `got "${name}", allowed are lower-case letters, digits and underscores, at most ${LONGEST_NAME}, starting with a letter; give a shorter or plainer name`,
      ),
    ];
  }
  if (!RESERVED_NAMES.test(name) || name === `stage${stage.number}_user`) return [];
  return [
    problem(
      stage,
      field,
      `got "${name}", which the server, the platform or another stage has; choose another name`,
    ),
  ];
}

function extraProblems(stage: StageDefinition): Problem[] {
  const extras = stage.database?.extra ?? [];
  return [
    ...duplicateProblems(stage, "database.extra", extras),
    ...extras.flatMap((extra) => {
      const name = extraDatabaseName(stage, extra);
      const taken = RESERVED_EXTRA.test(extra) || name === databaseName(stage);
      return taken
        ? [
            problem(
              stage,
              "database.extra",
              `got "${extra}", whose variables or database the stage already has; choose another name`,
            ),
          ]
        : nameProblems(stage, "database.extra", name);
    }),
  ];
}

function listProblems(
  stage: StageDefinition,
  field: "extensions" | "initSql",
  pattern: RegExp,
  allowed: string,
): Problem[] {
  const names = (stage.database?.[field] ?? []).map(baseName);
  return [
    ...duplicateProblems(stage, `database.${field}`, names),
    ...names
      .filter((name) => !pattern.test(name))
      .map((name) => problem(stage, `database.${field}`, `got "${name}", must be ${allowed}; rename it`)),
  ];
}

/** The database remembers a file of SQL by its name without the folder. */
function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function duplicateProblems(stage: StageDefinition, field: string, names: readonly string[]): Problem[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...twice].map((name) => problem(stage, field, `got "${name}" twice; name each once`));
}

function numberProblems(
  stage: StageDefinition,
  field: "connectionLimit" | "idleInTransactionSeconds",
  smallest: number,
  largest: number,
): Problem[] {
  const value = stage.database?.[field];
  if (value === undefined || (Number.isInteger(value) && value >= smallest && value <= largest)) return [];
  return [
    problem(
      stage,
      `database.${field}`,
      `got ${value}, must be a whole number from ${smallest} to ${largest}; correct it`,
    ),
  ];
}

function problem({ name }: StageDefinition, field: string, reason: string): Problem {
  return { key: `stages.${name}.${field}`, reason };
}
