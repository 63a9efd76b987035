import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createStage, type NewStageRequest } from "../../../../cli/scaffold/new-stage.ts";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { definitionProblems } from "../../../../components/stage/definition-problems.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..", "..");
const CATALOG = "stacks/catalog/stages";

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "storytelling-new-"));
  await cp(join(ROOT, CATALOG), join(root, CATALOG), { recursive: true });
  await cp(join(ROOT, "components"), join(root, "components"), { recursive: true });
  await cp(join(ROOT, "examples"), join(root, "examples"), { recursive: true });
});

afterEach(() => rm(root, { recursive: true, force: true }));

async function create(changes: Partial<NewStageRequest> = {}) {
  return createStage(root, { number: 4, name: "topic-models", force: false, ...changes });
}

/** The catalogue as the program would load it now. */
async function catalogue(): Promise<readonly StageDefinition[]> {
  const module = (await import(join(root, CATALOG, "index.ts"))) as {
    readonly STAGE_CATALOG: readonly StageDefinition[];
  };
  return module.STAGE_CATALOG;
}

/** Everything in the catalogue's folder, with its content. */
async function files(): Promise<Record<string, string>> {
  const names = await readdir(join(root, CATALOG));
  const texts = names.map(async (name) => [name, await readFile(join(root, CATALOG, name), "utf8")] as const);
  return Object.fromEntries(await Promise.all(texts));
}

describe("a new stage", () => {
  test("takes its number's place in the catalogue and keeps the order, and the old definition's file stays", async () => {
    const { written, replaced } = await create();

    expect(written).toEqual([`${CATALOG}/4-topic-models.ts`, `${CATALOG}/index.ts`]);
    expect(replaced).toBe(`${CATALOG}/4-clustering.ts`);
    expect((await catalogue()).map(({ name }) => name)).toEqual([
      "cleaning",
      "nlp",
      "embeddings",
      "topic-models",
      "graph",
      "timeline",
      "api",
      "frontend",
    ]);
    expect(await files()).toHaveProperty("4-clustering.ts");
  });

  test("has a definition without a problem, with an orchestrator and a worker", async () => {
    await create();
    const stage = (await catalogue()).find(({ name }) => name === "topic-models");

    expect(Object.keys(stage?.services ?? {})).toEqual(["orchestrator", "celery-worker"]);
    expect(definitionProblems(stage as StageDefinition)).toEqual([]);
  });

  test("is built from a copy of the reference stage on request, without what its tests leave behind", async () => {
    await mkdir(join(root, "examples/reference-stage/tests/__pycache__"), { recursive: true });
    await writeFile(join(root, "examples/reference-stage/tests/__pycache__/x.pyc"), "");
    const { written } = await create({ application: join(root, "services/topics") });
    const stage = (await catalogue()).find(({ name }) => name === "topic-models");

    expect(written).toContain("services/topics");
    expect(stage?.image).toEqual({ build: "services/topics" });
    expect(await readdir(join(root, "services/topics"))).toContain("Dockerfile");
    expect(await readdir(join(root, "services/topics/tests"))).not.toContain("__pycache__");
  });

  test.each([
    [{ number: 9 }, "got 9, a stage has a whole number from 1 to 8"],
    [{ number: Number.NaN }, "got NaN, a stage has a whole number from 1 to 8"],
    [{ name: "Topic_Models" }, 'got "Topic_Models", allowed are lower-case letters'],
    [{ name: "nlp" }, 'got "nlp", which stage 2 of the catalogue has'],
    [{ application: "/elsewhere" }, 'got "/elsewhere", an image is built from a folder of the repository'],
  ])("fails for %j and writes nothing", async (changes, message) => {
    const before = await files();

    await expect(create(changes)).rejects.toThrow(message);
    expect(await files()).toEqual(before);
  });

  test("is written over another only with --force", async () => {
    const taken = { number: 3, name: "embeddings" };
    const before = await files();

    await expect(create(taken)).rejects.toThrow(
      `${CATALOG}/3-embeddings.ts is there already; take it away, or write over it with --force`,
    );
    expect(await files()).toEqual(before);

    await create({ ...taken, force: true });
    expect((await files())["index.ts"]).toBe(before["index.ts"]);
  });
});
