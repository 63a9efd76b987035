import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { definitionText, exportName } from "../../../../cli/scaffold/definition-text.ts";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { FULL_STAGE } from "../../../support/compose.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");

/** Values in which a formatter has a say: long lists, quotes, lists of maps, names that are none. */
const AWKWARD = {
  number: 1,
  name: "awkward",
  image: { reference: `registry.example/${"long-".repeat(12)}name:1.0` },
  database: { extensions: Array.from({ length: 12 }, (_, index) => `extension_${index}`) },
  environment: { "with-hyphen": "it's", QUOTED: 'say "so"', BOTH: `"it's"`, LINES: "a\nb\\c" },
  services: {
    orchestrator: {
      kind: "orchestrator",
      command: ["sh", "-c", `echo ${"word ".repeat(20)}`],
      volumes: [
        { name: "one", path: "/one" },
        { name: "two", path: "/two", readOnly: true },
      ],
      files: [
        { path: "/app/x.json", data: { empty: {}, none: [], list: [1, [2, 3]], deep: { a: { b: null } } } },
      ],
    },
  },
} as const satisfies StageDefinition;

describe("the text of a definition", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "storytelling-text-"));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test.each(
    [...STAGE_CATALOG, FULL_STAGE, AWKWARD].map((stage, index) => [index, stage.name, stage] as const),
  )(
    "%i: of %s is formatted like the project's code and says the same",
    async (index, _, stage) => {
      const text = definitionText(stage, "A stage.");
      const file = join(folder, `${index}.ts`);
      await writeFile(file, text);

      const input = { cwd: ROOT, input: text };
      const { stdout } = await execa("npx", ["biome", "format", "--stdin-file-path=cli/stage.ts"], input);
      expect(text.trimEnd()).toBe(stdout.trimEnd());
      const module = (await import(file)) as Record<string, StageDefinition>;
      expect(module[exportName(stage.name)]).toEqual(stage);
    },
    30_000,
  );
});

test.each([
  ["nlp", "nlp"],
  ["topic-models", "topicModels"],
  ["v2-api-3d", "v2Api3d"],
  ["delete", "deleteStage"],
])("a stage %s is exported as %s", (stage, name) => {
  expect(exportName(stage)).toBe(name);
});
