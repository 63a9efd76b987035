import { expect, test } from "vitest";
import { renderPostgresCommand } from "../../../../components/postgres/postgres.config.ts";

test("the command line names every setting once, a quarter of the memory being the cache", () => {
  expect(renderPostgresCommand({ maxConnections: 260, memory: "2 GB" })).toEqual([
    "postgres",
    "-c",
    "max_connections=260",
    "-c",
    "shared_buffers=512MB",
    "-c",
    "password_encryption=scram-sha-256",
    "-c",
    "log_min_error_statement=panic",
  ]);
});
