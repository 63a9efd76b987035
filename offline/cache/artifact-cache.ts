import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { artifactFolders, isWritable, programHome } from "./cache-folders.ts";
import { readSums, recordSum, sumOfFile } from "./sha256-sums.ts";

/** A program that was compiled once and is kept. */
export interface Artifact {
  readonly name: string;
  /** Version as its project writes it, for example `v3.6.12`. */
  readonly version: string;
}

/** Folders that a cache works with. */
export interface CacheFolders {
  /** Where compressed artifacts are looked for, in order; the first one that can be written takes new ones. */
  readonly artifacts: readonly string[];
  /** Where programs lie unpacked, in a folder each that is named after the sum of the artifact. */
  readonly programs: string;
}

/**
 * Compiled programs, kept as `<name>-<version>-<os>-<arch>.xz` beside a `SHA256SUMS`. A file is used only when its
 * sum is recorded and right.
 */
export class ArtifactCache {
  readonly #folders: CacheFolders;
  readonly #warn: (line: string) => void;

  public constructor(
    warn: (line: string) => void,
    folders: CacheFolders = { artifacts: artifactFolders(), programs: programHome() },
  ) {
    this.#folders = folders;
    this.#warn = warn;
  }

  /** Path of the unpacked program, unpacked now if need be. Undefined when no usable artifact is there. */
  public async find(artifact: Artifact): Promise<string | undefined> {
    for (const folder of this.#folders.artifacts) {
      const program = await this.#findIn(folder, artifact);
      if (program !== undefined) return program;
    }
    return undefined;
  }

  /** Keeps a freshly compiled program and returns the path to run it from. */
  public async keep(artifact: Artifact, compiled: string): Promise<string> {
    const folder = await this.#writableFolder();
    const file = artifactFile(artifact);
    const draft = join(folder, `.${file}-${process.pid}`);
    await compress(compiled, draft);
    const sum = await sumOfFile(draft);
    await rename(draft, join(folder, file));
    await recordSum(folder, file, sum);
    return this.#place(artifact, sum, (draftProgram) => copyFile(compiled, draftProgram));
  }

  async #findIn(folder: string, artifact: Artifact): Promise<string | undefined> {
    const file = artifactFile(artifact);
    const path = join(folder, file);
    const recorded = (await readSums(folder)).get(file);
    if (recorded !== undefined) {
      // Unpacked earlier from a file with this very sum: nothing to hash again.
      const program = this.#programPath(artifact, recorded);
      if (existsSync(program)) return program;
    }
    if (!existsSync(path)) return undefined;
    const sum = await sumOfFile(path);
    if (sum === recorded) return this.#place(artifact, sum, (draft) => decompress(path, draft));
    this.#warn(
      `${path} is not used: its SHA-256 is ${sum}, ${recorded === undefined ? "and SHA256SUMS has none for it" : `SHA256SUMS says ${recorded}`}`,
    );
    return undefined;
  }

  async #place(artifact: Artifact, sum: string, write: (draft: string) => Promise<void>): Promise<string> {
    const program = this.#programPath(artifact, sum);
    const draft = `${program}-${process.pid}`;
    await mkdir(join(program, ".."), { recursive: true });
    try {
      await write(draft);
      await chmod(draft, 0o755);
      await rename(draft, program);
    } finally {
      await rm(draft, { force: true });
    }
    return program;
  }

  #programPath(artifact: Artifact, sum: string): string {
    return join(this.#folders.programs, sum.slice(0, 16), artifact.name);
  }

  async #writableFolder(): Promise<string> {
    for (const folder of this.#folders.artifacts) {
      if (!(await isWritable(folder))) continue;
      await mkdir(folder, { recursive: true });
      return folder;
    }
    throw new Error(`no folder for artifacts can be written: ${this.#folders.artifacts.join(", ")}`);
  }
}

/** File name of an artifact for this machine, in Go's names of systems and processors. */
export function artifactFile({ name, version }: Artifact): string {
  const processor = process.arch === "x64" ? "amd64" : process.arch;
  return `${name}-${version}-${process.platform}-${processor}.xz`;
}

async function compress(from: string, to: string): Promise<void> {
  await execa("xz", ["--threads=0", "--stdout", from], { stdout: { file: to }, buffer: false });
}

async function decompress(from: string, to: string): Promise<void> {
  await execa("xz", ["--decompress", "--stdout", from], { stdout: { file: to }, buffer: false });
}
