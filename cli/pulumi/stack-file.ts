import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { parse, stringify } from "yaml";
import { UserError } from "../../components/core/errors.ts";
import { decode } from "../../stacks/config/decode.ts";
import { opensSalt } from "./passphrase.ts";
import type { Workspace } from "./workspace.ts";

type Values = Readonly<Record<string, unknown>>;

/** What set-up found out about this machine, as configuration keys of the project without its prefix. */
export type LocalFacts = Values;

interface StackFile {
  readonly config?: Values;
  readonly encryptionsalt?: string;
  readonly secretsprovider?: string;
  readonly encryptedkey?: string;
}

/**
 * Writes the effective configuration: the committed one, the local facts and the salt of the local passphrase. The committed
 * file never changes. Returns the configuration without the project prefix, and without what is encrypted.
 */
export async function writeStackFile(workspace: Workspace, facts: LocalFacts): Promise<Values> {
  const committed = parseStackFile(await readFile(workspace.committedStackFile, "utf8"));
  const secrets = secretKeys(committed.config ?? {});
  if (secrets.length > 0 && !(await isOwn(workspace, committed))) throw foreignSecrets(workspace, secrets);

  const config = withFacts(committed.config ?? {}, workspace.project, facts);
  const salt = secrets.length > 0 ? committed.encryptionsalt : await readSalt(workspace);
  const text = stringify(
    { ...(salt === undefined ? {} : { encryptionsalt: salt }), config },
    { lineWidth: 0 },
  );
  await replaceFile(workspace.stackFile, text);
  return projectValues(withoutSecrets(config), workspace.project);
}

/** What stands for an encrypted value where nobody may read it: long enough for every rule about secrets. */
const ENCRYPTED = "an encrypted value";

/** The configuration as far as it can be read without decrypting anything. */
export function withoutSecrets(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, isValues(value) ? readable(value) : value]),
  );
}

function readable(value: Values): unknown {
  return "secure" in value ? ENCRYPTED : withoutSecrets(value);
}

/** Whether the passphrase of this machine opens what is encrypted in the committed file. */
async function isOwn({ passphraseFile }: Workspace, { encryptionsalt }: StackFile): Promise<boolean> {
  const passphrase = await readOptional(passphraseFile);
  return (
    passphrase !== undefined && encryptionsalt !== undefined && opensSalt(passphrase.trim(), encryptionsalt)
  );
}

/** The committed configuration with the facts, which are so whatever it says; the rest of an object stays. */
export function withFacts(config: Values, project: string, facts: LocalFacts): Values {
  return merge(
    config,
    Object.fromEntries(Object.entries(facts).map(([key, value]) => [`${project}:${key}`, value])),
  );
}

function merge(values: Values, changes: Values): Values {
  const merged: Record<string, unknown> = { ...values };
  for (const [key, change] of Object.entries(changes)) {
    const own = merged[key];
    merged[key] = isValues(own) && isValues(change) ? merge(own, change) : change;
  }
  return merged;
}

/** Keys, with their path, whose value somebody encrypted. */
export function secretKeys(values: Values, prefix = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) => {
    if (!isValues(value)) return [];
    const path = `${prefix}${key}`;
    return "secure" in value ? [path] : secretKeys(value, `${path}.`);
  });
}

function foreignSecrets(workspace: Workspace, keys: readonly string[]): UserError {
  const file = relative(workspace.root, workspace.committedStackFile);
  return new UserError(
    `${file}: ${keys.join(", ")} ${keys.length === 1 ? "is" : "are"} encrypted for another backend, ` +
      `or with another passphrase than the one in ${relative(workspace.root, workspace.passphraseFile)}. ` +
      "Put that passphrase there, or remove the key (passwords are generated unless given), " +
      "or run plain `pulumi up` with the backend that encrypted it.",
  );
}

/** The salt lives in the effective file; a lost one is found again in the state, which is encrypted with it. */
async function readSalt(workspace: Workspace): Promise<string | undefined> {
  const file = await readOptional(workspace.stackFile);
  const salt = file === undefined ? undefined : parseStackFile(file).encryptionsalt;
  if (salt !== undefined) return salt;
  const checkpoint = await readOptional(workspace.checkpointFile);
  return checkpoint === undefined ? undefined : /"salt":\s*"([^"]+)"/.exec(checkpoint)?.[1];
}

/** The configuration keys of the project, without its prefix. */
export function projectValues(config: Values, project: string): Values {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      // Pulumi itself quotes a number when it writes into the file.
      key.startsWith(prefix)
        ? [[key.slice(prefix.length), typeof value === "string" ? decode(value) : value] as const]
        : [],
    ),
  );
}

function parseStackFile(text: string): StackFile {
  return (parse(text) ?? {}) as StackFile;
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

/** Nobody ever sees half a file. */
async function replaceFile(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  await rename(draft, file);
}

function isValues(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
