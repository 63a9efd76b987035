import { describe, expect, test } from "vitest";
import { exampleFile, requiredVariables, secretsFile } from "../../../../cli/compose/environment-file.ts";
import { stageSecrets } from "../../../../cli/compose/stage-secrets.ts";
import { configSchema } from "../../../../stacks/config/schema.ts";
import { catalogStage, exported, FULL_STAGE } from "../../../support/compose.ts";

const embeddings = catalogStage("embeddings");

describe("the variables of an export", () => {
  test("are its secrets, those in files too, and nothing that has a default", async () => {
    expect(requiredVariables(await exported(FULL_STAGE))).toEqual([
      "JWT_SECRET_KEY",
      "JWT_SECRET_KEYS",
      "OPENAI_API_KEY",
      "STAGE1_POSTGRES_PASSWORD",
      "STAGE3_API_KEY",
      "STAGE3_POSTGRES_PASSWORD",
    ]);
  });

  test("stand in `.env.example` with nothing that is a secret (000-091 to 000-095)", () => {
    const text = exampleFile(embeddings, ["OPENAI_API_KEY", "STAGE3_POSTGRES_PASSWORD"]);

    expect(text.split("\n").slice(2)).toEqual([
      "OPENAI_API_KEY=your_openai_api_key_here",
      "STAGE3_POSTGRES_PASSWORD=stage3_secure_password",
      "",
    ]);
  });

  test("have their values in `.env`, and a second one where a URL needs it encoded", () => {
    const text = secretsFile(
      embeddings,
      new Map([
        ["A", "plain"],
        ["B", "p@ss"],
      ]),
    );

    expect(text.split("\n").slice(1)).toEqual(["A='plain'", "B='p@ss'", "B_URLENCODED='p%40ss'", ""]);
  });
});

describe("the values of a stage's secrets", () => {
  const config = configSchema.parse({ stages: {}, secrets: { OPENAI_API_KEY: "from-the-configuration" } });
  const credentials = JSON.stringify({
    stages: { embeddings: { STAGE3_POSTGRES_PASSWORD: "generated" }, nlp: { OTHER: "x" } },
  });

  test("are the platform's passwords and the configuration's secrets", () => {
    const names = ["OPENAI_API_KEY", "STAGE3_POSTGRES_PASSWORD"];

    expect([...stageSecrets(embeddings, names, credentials, config).values()]).toEqual([
      "from-the-configuration",
      "generated",
    ]);
  });

  test("fail when the platform has none, and tell how it gets them", () => {
    expect(() => stageSecrets(embeddings, ["STAGE3_POSTGRES_PASSWORD", "OTHER"], "{}", config)).toThrow(
      "--with-secrets: the stack has no value of STAGE3_POSTGRES_PASSWORD, OTHER; attach the stage, for example with " +
        "`embeddings: { enabled: false }` among storytelling:stages, and run `npm run up`",
    );
  });
});
