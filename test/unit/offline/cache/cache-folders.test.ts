import { homedir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { artifactFolders } from "../../../../offline/cache/cache-folders.ts";

const HOME = join(homedir(), ".cache", "storytelling");

test("artifacts lie below the home folder unless another folder is named", () => {
  expect(artifactFolders({})).toEqual([HOME]);
  expect(artifactFolders({ STORYTELLING_CACHE: "" })).toEqual([HOME]);
});

test("STORYTELLING_CACHE is looked into first, and may be relative", () => {
  expect(artifactFolders({ STORYTELLING_CACHE: "/given" })).toEqual(["/given", HOME]);
  expect(artifactFolders({ STORYTELLING_CACHE: "given" })).toEqual([join(process.cwd(), "given"), HOME]);
});
