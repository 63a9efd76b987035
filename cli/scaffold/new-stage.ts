import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, relative, resolve } from "node:path";
import { assertNoProblems, type Problem, UserError } from "../../components/core/errors.ts";
import type { StageDefinition, StageImage } from "../../components/stage/definition.ts";
import { definitionProblems } from "../../components/stage/definition-problems.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import {
  celeryWorker,
  orchestrator,
  REFERENCE_IMAGE,
} from "../../stacks/catalog/stages/reference-services.ts";
import { catalogEntries, withEntry } from "./catalog-index.ts";
import { definitionText, exportName } from "./definition-text.ts";

const CATALOG = "stacks/catalog/stages";
const REFERENCE_STAGE = "examples/reference-stage";

export interface NewStageRequest {
  readonly number: number;
  readonly name: string;
  /** Folder for a copy of the reference stage. No copy, and its image, unless given. */
  readonly application?: string;
  /** Whether what is there already is written over. */
  readonly force: boolean;
}

export interface NewStage {
  /** Paths in the repository. */
  readonly written: readonly string[];
  /** Definition that had the number before and that the catalogue names no more, as a path in the repository. */
  readonly replaced: string | undefined;
}

/**
 * Writes the definition of a stage with an orchestrator and a worker, and names it in the catalogue. Throws a UserError,
 * before anything is written, when the number or the name is not allowed or something is there already.
 */
export async function createStage(root: string, request: NewStageRequest): Promise<NewStage> {
  const application = request.application === undefined ? undefined : inRepository(root, request.application);
  const definition = newDefinition(request, application);
  assertNoProblems("There can be no such stage:", [
    ...definitionProblems(definition),
    ...takenNameProblems(request),
  ]);
  const module = `./${request.number}-${request.name}.ts`;
  const file = join(CATALOG, module);
  const targets = [file, ...(application === undefined ? [] : [application])];
  if (!request.force) await assertFree(root, targets);

  await writeFile(join(root, file), definitionText(definition, `Stage ${request.number}, ${request.name}.`));
  if (application !== undefined) await copyReferenceStage(root, application);
  const index = join(CATALOG, "index.ts");
  const text = await readFile(join(root, index), "utf8");
  await writeFile(
    join(root, index),
    withEntry(text, { number: request.number, module, exportName: exportName(request.name) }),
  );
  const before = catalogEntries(text).find(({ number }) => number === request.number);
  const isReplaced = before !== undefined && before.module !== module;
  return {
    written: [...targets, index],
    replaced: isReplaced ? join(CATALOG, before.module) : undefined,
  };
}

function newDefinition({ number, name }: NewStageRequest, application: string | undefined): StageDefinition {
  const image: StageImage = application === undefined ? REFERENCE_IMAGE : { build: application };
  return {
    number,
    name,
    image,
    processesDocuments: true,
    services: {
      orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
      "celery-worker": celeryWorker({ cpus: 2, memory: "4 GB", memoryReservation: "2 GB" }),
    },
  };
}

function takenNameProblems({ number, name }: NewStageRequest): Problem[] {
  const owner = STAGE_CATALOG.find((stage) => stage.name === name && stage.number !== number);
  if (owner === undefined) return [];
  const reason = `got "${name}", which stage ${owner.number} of the catalogue has; choose another name, or its number`;
  return [{ key: `stages.${name}.name`, reason }];
}

/** Throws a UserError when the folder is not in the repository: an image is built from a folder of the project. */
function inRepository(root: string, folder: string): string {
  const path = relative(root, resolve(folder));
  if (path !== "" && !path.startsWith("..")) return path;
  throw new UserError(
    `--with-application: got "${folder}", an image is built from a folder of the repository; give one in ${root}`,
  );
}

async function assertFree(root: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    const folder = join(root, path, "..");
    const found = await readdir(folder).catch((): string[] => []);
    if (!found.includes(basename(path))) continue;
    throw new UserError(`${path} is there already; take it away, or write over it with --force`);
  }
}

/** What running the reference stage's tests leaves beside its files. */
const ARTEFACTS: ReadonlySet<string> = new Set(["__pycache__", ".pytest_cache", ".ruff_cache", ".venv"]);

async function copyReferenceStage(root: string, folder: string): Promise<void> {
  await cp(join(root, REFERENCE_STAGE), join(root, folder), {
    recursive: true,
    filter: (source) => !ARTEFACTS.has(basename(source)),
  });
}
