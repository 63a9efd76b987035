import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { execa } from "execa";
import { UserError } from "../../components/core/errors.ts";
import { SECRETS_FILE } from "./environment-file.ts";

/** A file of an exported stage. */
export interface ExportedFile {
  readonly name: string;
  readonly content: string;
  readonly mode: number;
}

/** Writes the files into a folder. Throws a UserError, before anything is written, when one is there and may not go. */
export async function writeExport(
  folder: string,
  files: readonly ExportedFile[],
  force: boolean,
): Promise<void> {
  const present = await readdir(folder).catch((): string[] => []);
  const taken = files.map(({ name }) => name).filter((name) => present.includes(name));
  if (taken.length > 0 && !force) {
    throw new UserError(
      `${relative(".", folder) || "."} has ${taken.join(", ")} already; choose another folder with --out, or write over with --force`,
    );
  }
  await mkdir(folder, { recursive: true });
  for (const { name, content, mode } of files) {
    const path = join(folder, name);
    await writeFile(path, content, { mode });
    // The mode of a file that was there stays otherwise.
    await chmod(path, mode);
  }
}

/** Throws a UserError when git would take the secrets file up. */
export async function assertSecretsStayOut(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const git = async (...args: string[]) => execa("git", args, { cwd: folder, reject: false });
  const repository = await git("rev-parse", "--is-inside-work-tree");
  if (repository.exitCode !== 0) return;
  const ignored = await git("check-ignore", "--quiet", SECRETS_FILE);
  if (ignored.exitCode === 0) return;
  throw new UserError(
    `--with-secrets: ${folder} is in a git repository that does not ignore ${SECRETS_FILE}, and passwords do not belong there; ` +
      `add ${SECRETS_FILE} to its .gitignore, or choose another folder with --out`,
  );
}
