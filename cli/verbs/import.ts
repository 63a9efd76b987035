import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import { UserError } from "../../components/core/errors.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import { importStage } from "../compose/import-stage.ts";
import type { Leftover } from "../compose/leftovers.ts";
import { overlay, readProject } from "../compose/read.ts";
import { readConfiguration } from "../pulumi/configuration.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { definitionText } from "../scaffold/definition-text.ts";
import { MARKS, note, say } from "../ui/say.ts";

export interface ImportOptions {
  readonly stack: string;
  readonly number?: string;
  readonly name?: string;
  readonly out?: string;
  readonly force?: true;
}

/** Turns the compose file of a stage into a definition, and lists what it has no word for. Returns the exit code. */
export async function importFile(files: readonly string[], options: ImportOptions): Promise<number> {
  const workspace = await openWorkspace(options.stack);
  const { logLevel } = await readConfiguration(workspace);
  const projects = await Promise.all(files.map(async (file) => readProject(await read(file), file)));
  const [last = ""] = files.slice(-1);
  const { definition, leftovers } = await importStage({
    project: projects.reduce(overlay),
    file: files.join(" and "),
    given: {
      ...(options.number === undefined ? {} : { number: Number(options.number) }),
      ...(options.name === undefined ? {} : { name: options.name }),
    },
    toRepositoryPath: (path) => relative(workspace.root, resolve(dirname(last), path)),
    peers: STAGE_CATALOG,
    defaultLogLevel: logLevel,
  });
  const text = definitionText(definition, `Stage ${definition.number}, from ${basename(last)}.`);
  if (options.out === undefined) say(text);
  else await write(options.out, text, options.force === true);
  tellLeftovers(leftovers);
  return 0;
}

async function read(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => {
    throw new UserError(`${file} cannot be read; give the path of a compose file`);
  });
}

async function write(file: string, text: string, force: boolean): Promise<void> {
  try {
    await writeFile(file, text, { flag: force ? "w" : "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new UserError(`${file} is there already; choose another with --out, or write over it with --force`);
  }
  note(`${MARKS.done} ${file}`);
}

/** On the stream for persons, so that the definition can be redirected into a file. */
function tellLeftovers(leftovers: readonly Leftover[]): void {
  if (leftovers.length === 0) {
    note(`${MARKS.done} everything of the file is in the definition`);
    return;
  }
  note(`\n${MARKS.warning} not carried over:`);
  for (const { key, reason } of leftovers) note(`  ${key}: ${reason}`);
}
