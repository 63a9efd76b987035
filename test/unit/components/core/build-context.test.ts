import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contextFiles } from "../../../../components/core/build-context.ts";

let context: string;

function write(path: string, content = ""): void {
  const file = join(context, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "storytelling-build-context-"));
  for (const path of ["Dockerfile", "b/two.py", "b/one.py", "a.py", "b/cache/x.pyc", "README.md"])
    write(path);
});

afterEach(() => {
  rmSync(context, { recursive: true });
});

describe("contextFiles", () => {
  test("are all files below the folder, sorted, folders left out", () => {
    expect(contextFiles(context)).toEqual([
      "Dockerfile",
      "README.md",
      "a.py",
      "b/cache/x.pyc",
      "b/one.py",
      "b/two.py",
    ]);
  });

  test("follow .dockerignore as Docker reads it, exceptions included", () => {
    write(".dockerignore", "*.md\nb\n!b/one.py\n");

    expect(contextFiles(context)).toEqual([".dockerignore", "Dockerfile", "a.py", "b/one.py"]);
  });

  test("always have the Dockerfile, which Docker reads even when it is left out of the image", () => {
    write(".dockerignore", "*\n");

    expect(contextFiles(context)).toEqual(["Dockerfile"]);
  });

  test("do not follow a link out of the folder", () => {
    symlinkSync("/etc", join(context, "etc"));

    expect(contextFiles(context).filter((file) => file.startsWith("etc"))).toEqual([]);
  });

  test("cannot be read of a folder that is not there", () => {
    expect(() => contextFiles(join(context, "nowhere"))).toThrow("ENOENT");
  });
});
