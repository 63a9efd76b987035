import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { assertSecretsStayOut, writeExport } from "../../../../cli/compose/export-folder.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-export-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const FILES = [
  { name: "script.sh", content: "#!/bin/bash\n", mode: 0o755 },
  { name: ".env", content: "A='b'\n", mode: 0o600 },
] as const;

async function modeOf(name: string): Promise<number> {
  return (await stat(join(folder, name))).mode & 0o777;
}

describe("an export", () => {
  test("makes its folder and gives each file its mode", async () => {
    await writeExport(join(folder, "a/b"), FILES, false);

    expect(await modeOf("a/b/script.sh")).toBe(0o755);
    expect(await modeOf("a/b/.env")).toBe(0o600);
  });

  test("writes over nothing, and says so before it writes anything", async () => {
    await writeFile(join(folder, ".env"), "mine", { mode: 0o644 });

    await expect(writeExport(folder, FILES, false)).rejects.toThrow(
      /has \.env already; choose another folder with --out/,
    );
    expect(await readFile(join(folder, ".env"), "utf8")).toBe("mine");
    await expect(stat(join(folder, "script.sh"))).rejects.toThrow("ENOENT");
  });

  test("writes over with --force, and takes the mode of the file that was there away", async () => {
    await writeFile(join(folder, ".env"), "mine", { mode: 0o644 });
    await writeExport(folder, FILES, true);

    expect(await readFile(join(folder, ".env"), "utf8")).toBe("A='b'\n");
    expect(await modeOf(".env")).toBe(0o600);
  });
});

describe("a file with secrets", () => {
  test("may be in a folder that is in no repository", async () => {
    await expect(assertSecretsStayOut(folder)).resolves.toBeUndefined();
  });

  test("is refused where git would take it up, and taken where git ignores it", async () => {
    await execa("git", ["init", "--quiet"], { cwd: folder });

    await expect(assertSecretsStayOut(folder)).rejects.toThrow(/add \.env to its \.gitignore/);
    await writeFile(join(folder, ".gitignore"), ".env\n");
    await expect(assertSecretsStayOut(folder)).resolves.toBeUndefined();
  });
});
