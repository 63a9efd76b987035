/** The width to which the project's code is formatted. */
export const LINE_WIDTH = 110;

/** A stage of the catalogue as its index names it. */
export interface CatalogEntry {
  readonly number: number;
  /** Module beside the index, `./2-nlp.ts`. */
  readonly module: string;
  /** Name under which the module exports the definition. */
  readonly exportName: string;
}

const IMPORT = /^import \{ (\w+) \} from "(\.\/([1-8])-[a-z0-9-]+\.ts)";$/;
const LIST_START = "export const STAGE_CATALOG: readonly StageDefinition[] = [";

/** The stages that an index names, in its order. */
export function catalogEntries(index: string): CatalogEntry[] {
  return index.split("\n").flatMap((line) => {
    const [, exportName, module, number] = IMPORT.exec(line) ?? [];
    return exportName === undefined || module === undefined
      ? []
      : [{ number: Number(number), module, exportName }];
  });
}

/** The index with the stage in it, in the place of the one that had its number. */
export function withEntry(index: string, added: CatalogEntry): string {
  const kept = catalogEntries(index).filter(({ number }) => number !== added.number);
  const entries = [...kept, added].sort((a, b) => a.number - b.number);
  const lines = index.split("\n");
  const firstImport = lines.findIndex((line) => IMPORT.test(line));
  const firstEntry = lines.findIndex((line) => line.startsWith(LIST_START));
  const before = lines.slice(0, firstEntry);
  return [
    ...before.slice(0, firstImport),
    ...entries.map(({ exportName, module }) => `import { ${exportName} } from "${module}";`),
    ...before.slice(firstImport).filter((line) => !IMPORT.test(line)),
    ...listOf(entries.map(({ exportName }) => exportName)),
    "",
  ].join("\n");
}

function listOf(names: readonly string[]): string[] {
  const line = `${LIST_START}${names.join(", ")}];`;
  return line.length <= LINE_WIDTH ? [line] : [LIST_START, ...names.map((name) => `  ${name},`), "];"];
}
