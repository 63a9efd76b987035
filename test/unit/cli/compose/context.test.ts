import { expect, test } from "vitest";
import { placeholderConnections } from "../../../../cli/compose/context.ts";
import { placeholder } from "../../../../cli/compose/interpolation.ts";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { connectionSecrets } from "../../../../components/stage/environment/connection-secrets.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { catalogStage } from "../../../support/compose.ts";
import { valueOf } from "../../../support/outputs.ts";

test("an export asks for every secret by the name under which the stack has it", async () => {
  const embeddings = catalogStage("embeddings");
  const stage: StageDefinition = {
    ...embeddings,
    services: { ...embeddings.services, "token-service": { kind: "internal", port: 8001, jwt: true } },
    stores: ["redis", "postgres", "shared-database", "elasticsearch", "neo4j"],
    reads: { databases: ["cleaning"] },
  };
  const secrets = connectionSecrets(stage, placeholderConnections(stage, STAGE_CATALOG));

  expect(Object.keys(secrets).sort()).toEqual([
    "ELASTICSEARCH_PASSWORD",
    "JWT_SECRET_KEY",
    "JWT_SECRET_KEYS",
    "NEO4J_PASSWORD",
    "STAGE1_POSTGRES_PASSWORD",
    "STAGE3_POSTGRES_PASSWORD",
  ]);
  for (const [name, value] of Object.entries(secrets)) expect(await valueOf(value)).toBe(placeholder(name));
});
