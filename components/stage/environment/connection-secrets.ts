import type * as pulumi from "@pulumi/pulumi";
import type { StageDefinition } from "../definition.ts";
import type { StageConnections } from "./connections.ts";

/**
 * The secrets of what a stage connects to, by the variable that fills each where the stage is run by something else than
 * the program (`000-091`). A database of another stage has the reader's password (C-14).
 */
export function connectionSecrets(
  { number }: StageDefinition,
  { database, readDatabases, documents, graph }: StageConnections,
): Readonly<Record<string, pulumi.Output<string>>> {
  const read = [...(readDatabases ?? [])].map(
    ([producer, { password }]) => [postgresSecret(producer), password] as const,
  );
  return {
    ...(database === undefined ? {} : { [postgresSecret(number)]: database.password }),
    ...Object.fromEntries(read),
    ...(documents === undefined ? {} : { ELASTICSEARCH_PASSWORD: documents.password }),
    ...(graph === undefined ? {} : { NEO4J_PASSWORD: graph.password }),
  };
}

/** Variable with the password for the database of a stage. */
export function postgresSecret(stage: number): string {
  return `STAGE${stage}_POSTGRES_PASSWORD`;
}
