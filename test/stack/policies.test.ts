import { expect, test } from "vitest";
import { violations } from "../support/policies.ts";
import { type ProgramOptions, runProgram } from "./program.ts";

test.each([
  ["of the stack dev", {}],
  [
    "with Redis users, optional stores and a given password",
    {
      redisAuthentication: true,
      elasticsearch: { enabled: true },
      neo4j: { enabled: true },
      secrets: { STAGE1_POSTGRES_PASSWORD: "given-by-the-operator" },
    },
  ],
  [
    "with all eight stages",
    {
      host: { cpus: 64 },
      stages: Object.fromEntries(
        ["cleaning", "nlp", "embeddings", "clustering", "graph", "timeline", "api", "frontend"].map(
          (name) => [name, {}],
        ),
      ),
      elasticsearch: { enabled: true },
      neo4j: { enabled: true },
    },
  ],
] satisfies [string, ProgramOptions["config"]][])(
  "the program %s breaks no rule of the policy pack",
  async (_, config) => {
    const { resources } = await runProgram({ config });
    const judged = await Promise.all(
      resources.map(({ type, name, redacted, options }) =>
        violations({ type, name, props: redacted, protect: options.protect }),
      ),
    );

    expect(judged.length).toBeGreaterThan(60);
    expect(judged.flat()).toEqual([]);
  },
);
