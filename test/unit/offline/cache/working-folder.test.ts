import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { withWorkingFolder } from "../../../../offline/cache/working-folder.ts";

describe("working folder", () => {
  let parent: string;
  beforeEach(async () => {
    parent = await mkdtemp(join(tmpdir(), "working-"));
  });
  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  test("is there while the work runs and gone afterwards", async () => {
    const during = await withWorkingFolder(
      "build",
      async (folder) => {
        await writeFile(join(folder, "file"), "");
        return readdir(parent);
      },
      parent,
    );

    expect(during).toEqual([expect.stringMatching(/^build-/)]);
    expect(await readdir(parent)).toEqual([]);
  });

  test("is gone after a failure too", async () => {
    await expect(withWorkingFolder("build", () => Promise.reject(new Error("full")), parent)).rejects.toThrow(
      "full",
    );

    expect(await readdir(parent)).toEqual([]);
  });

  test("takes away what a killed run left two days ago, and leaves a running one's folder alone", async () => {
    const twoDaysAgo = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const name of ["left", "running"]) await mkdir(join(parent, name));
    await utimes(join(parent, "left"), twoDaysAgo, twoDaysAgo);

    await withWorkingFolder("build", async () => undefined, parent);

    expect(await readdir(parent)).toEqual(["running"]);
  });
});
