import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensurePassphrase, opensSalt } from "../../../../cli/pulumi/passphrase.ts";

/** Made by Pulumi 3.259 with the passphrase `correct horse`. */
const SALT = "v1:tuFQ+rNHc1U=:v1:2PbHA9AVHqJ/D1Fd:q2YRt6xwhcpouwoNRnHYEIZZjmWSYw==";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-passphrase-"));
});

afterEach(async () => rm(folder, { recursive: true }));

test("the passphrase can be read by its owner only, and so can its folder", async () => {
  const file = join(folder, "state", "passphrase");
  await ensurePassphrase(file);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(join(folder, "state"))).mode & 0o777).toBe(0o700);
  expect((await readFile(file, "utf8")).trim()).toHaveLength(43);
});

test("a passphrase that is there stays", async () => {
  const file = join(folder, "passphrase");
  await ensurePassphrase(file);
  const first = await readFile(file, "utf8");
  await ensurePassphrase(file);
  expect(await readFile(file, "utf8")).toBe(first);
});

test("of two runs that make it at once one wins, and no draft is left", async () => {
  const file = join(folder, "passphrase");
  await ensurePassphrase(file);
  await Promise.all([ensurePassphrase(file), ensurePassphrase(file)]);
  expect(await readdir(folder)).toEqual(["passphrase"]);
});

test("a passphrase opens the salt that Pulumi made with it, and no other", () => {
  expect(opensSalt("correct horse", SALT)).toBe(true);
  expect(opensSalt("wrong horse", SALT)).toBe(false);
  expect(opensSalt("correct horse", "awskms")).toBe(false);
});
