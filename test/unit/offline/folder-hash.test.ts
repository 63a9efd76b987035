import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hashFolder, hashParts } from "../../../offline/folder-hash.ts";

describe("hash of a folder", () => {
  let folder: string;
  let before: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hash-"));
    await mkdir(join(folder, "inner"));
    await writeFile(join(folder, "inner", "file"), "content");
    before = await hashFolder(folder);
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("stays the same when a file is written again unchanged", async () => {
    await writeFile(join(folder, "inner", "file"), "content");

    expect(await hashFolder(folder)).toBe(before);
  });

  test("changes with a file's content", async () => {
    await writeFile(join(folder, "inner", "file"), "contents");

    expect(await hashFolder(folder)).not.toBe(before);
  });

  test("changes with a file's name", async () => {
    await rename(join(folder, "inner", "file"), join(folder, "inner", "name"));

    expect(await hashFolder(folder)).not.toBe(before);
  });

  test("changes when a file becomes executable", async () => {
    await chmod(join(folder, "inner", "file"), 0o755);

    expect(await hashFolder(folder)).not.toBe(before);
  });

  test("tells where one part ends and the next begins", () => {
    expect(hashParts(["ab", "c"])).not.toBe(hashParts(["a", "bc"]));
  });
});
