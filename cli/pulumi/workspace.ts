import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { UserError } from "../../components/core/errors.ts";

/** Where one stack of the project lives on this machine. Nothing of it is in git but the committed files. */
export interface Workspace {
  /** Root of the repository. */
  readonly root: string;
  /** Name of the Pulumi project. */
  readonly project: string;
  readonly stack: string;
  /** Root of the local backend. */
  readonly backend: string;
  /** Encrypts the secrets in the state; readable by its owner only. */
  readonly passphraseFile: string;
  /** Configuration as committed: `Pulumi.<stack>.yaml`. */
  readonly committedStackFile: string;
  /** Folder in which Pulumi finds the project and the effective configuration, for verbs that run no program. */
  readonly stacksDirectory: string;
  /** The committed configuration with the local facts and the encryption salt. */
  readonly stackFile: string;
  /** The stack's state. */
  readonly checkpointFile: string;
  readonly locksDirectory: string;
  readonly historyDirectory: string;
}

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The workspace of a stack. Throws a UserError when the repository has no such stack. */
export async function openWorkspace(stack: string, root: string = ROOT): Promise<Workspace> {
  const project = await readProjectName(root);
  await assertStackExists(root, stack);
  const backend = join(root, ".storytelling");
  const stacksDirectory = join(backend, "stacks");
  return {
    root,
    project,
    stack,
    backend,
    passphraseFile: join(backend, "passphrase"),
    committedStackFile: join(root, `Pulumi.${stack}.yaml`),
    stacksDirectory,
    stackFile: join(stacksDirectory, `Pulumi.${stack}.yaml`),
    checkpointFile: join(backend, ".pulumi", "stacks", project, `${stack}.json`),
    locksDirectory: join(backend, ".pulumi", "locks", "organization", project, stack),
    historyDirectory: join(backend, ".pulumi", "history", project, stack),
  };
}

async function readProjectName(root: string): Promise<string> {
  const text = await readFile(join(root, "Pulumi.yaml"), "utf8");
  const { name } = parse(text) as { readonly name: string };
  return name;
}

async function assertStackExists(root: string, stack: string): Promise<void> {
  const files = await readdir(root);
  if (files.includes(`Pulumi.${stack}.yaml`)) return;
  const stacks = files.flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
  throw new UserError(
    `--stack: there is no stack "${stack}"; this repository has ${stacks.join(", ")}. ` +
      `Choose one of them, or write a new Pulumi.${stack}.yaml.`,
  );
}
