import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recoverCheckpoint } from "../../../../cli/heal/checkpoint.ts";
import type { Workspace } from "../../../../cli/pulumi/workspace.ts";

let folder: string;
let workspace: Workspace;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-checkpoint-"));
  const historyDirectory = join(folder, "history");
  await mkdir(historyDirectory);
  workspace = { checkpointFile: join(folder, "dev.json"), historyDirectory } as Workspace;
});

afterEach(() => rm(folder, { recursive: true }));

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
}

test("a whole state is left as it is", async () => {
  await write({ "dev.json": '{"a":1}', "dev.json.bak": '{"a":0}' });
  await recoverCheckpoint(workspace);
  expect(await readFile(workspace.checkpointFile, "utf8")).toBe('{"a":1}');
});

test.each(["", '{"a":'])("a state cut off as %j becomes the copy from the step before", async (text) => {
  await write({ "dev.json": text, "dev.json.bak": '{"a":0}' });
  await recoverCheckpoint(workspace);
  expect(await readFile(workspace.checkpointFile, "utf8")).toBe('{"a":0}');
});

test("where that copy is cut off too, the state after the newest earlier run is used", async () => {
  await write({
    "dev.json": "",
    "dev.json.bak": "",
    "history/dev-1.checkpoint.json": '{"run":1}',
    "history/dev-2.checkpoint.json": '{"run":2}',
    "history/dev-2.history.json": "{}",
  });
  await recoverCheckpoint(workspace);
  expect(await readFile(workspace.checkpointFile, "utf8")).toBe('{"run":2}');
});

test("a state that was cut off before anything was in it is removed, so that the stack is made anew", async () => {
  await write({ "dev.json": "" });
  await recoverCheckpoint(workspace);
  expect(existsSync(workspace.checkpointFile)).toBe(false);
});
