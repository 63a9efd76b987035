import type * as pulumi from "@pulumi/pulumi";
import type { StageDefinition } from "../definition.ts";
import type { StageConnections } from "./connections.ts";
import { jwtVariables } from "./identity-service.ts";

/**
 * The secrets of what a stage connects to, by the variable that fills each where the stage is run by something else than
 * the program (`000-091`). A database of another stage has the reader's password (C-14).
 */
export function connectionSecrets(
  { number, services }: StageDefinition,
  { database, readDatabases, documents, graph, identity }: StageConnections,
): Readonly<Record<string, pulumi.Output<string>>> {
  const read = [...(readDatabases ?? [])].map(
    ([producer, { password }]) => [postgresSecret(producer), password] as const,
  );
  const checksTokens = Object.values(services).some((service) => jwtVariables(service) !== undefined);
  return {
    ...(database === undefined ? {} : { [postgresSecret(number)]: database.password }),
    ...Object.fromEntries(read),
    ...(documents === undefined ? {} : { ELASTICSEARCH_PASSWORD: documents.password }),
    ...(graph === undefined ? {} : { NEO4J_PASSWORD: graph.password }),
    ...(checksTokens && identity?.keys !== undefined
      ? { [JWT_SECRET]: identity.keys.signing, [JWT_SECRETS]: identity.keys.all }
      : {}),
  };
}

/** Variables with the key that signs tokens, and with every one that is good. */
export const JWT_SECRET = "JWT_SECRET_KEY";
export const JWT_SECRETS = "JWT_SECRET_KEYS";

/** Variable with the password for the database of a stage. */
export function postgresSecret(stage: number): string {
  return `STAGE${stage}_POSTGRES_PASSWORD`;
}
