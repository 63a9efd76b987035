import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { definitionProblems } from "../../../components/stage/definition-problems.ts";
import { fences } from "../../support/markdown.ts";

const REPOSITORY = join(import.meta.dirname, "..", "..", "..");

const definitions = ["adding-a-stage.md", "events.md", "gateway.md"].flatMap((document) =>
  fences(readFileSync(join(REPOSITORY, "docs", document), "utf8"))
    .filter(({ language }) => language === "ts")
    .map(({ text }, index) => ({ name: `${document}, block ${index + 1}`, text })),
);

let project: string;
let catalogue: string;

/** A folder from which the blocks' imports lead where they lead from the catalogue. */
beforeAll(() => {
  project = mkdtempSync(join(realpathSync(tmpdir()), "storytelling-docs-"));
  catalogue = join(project, "stacks", "catalog", "stages");
  mkdirSync(catalogue, { recursive: true });
  symlinkSync(join(REPOSITORY, "components"), join(project, "components"));
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

test.each(definitions)(
  "the definition in $name is a file of the catalogue without a problem",
  async (block) => {
    const file = join(catalogue, `${block.name.replaceAll(/\W+/g, "-")}.ts`);
    writeFileSync(file, block.text);
    const exported = Object.values((await import(file)) as Record<string, StageDefinition>);

    expect(exported).toHaveLength(1);
    expect(exported.flatMap(definitionProblems)).toEqual([]);
  },
);

test("every document has definitions", () => {
  expect(definitions.length).toBeGreaterThanOrEqual(8);
});
