import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withRunLock } from "../../../../cli/pulumi/run-lock.ts";
import type { Workspace } from "../../../../cli/pulumi/workspace.ts";

let backend: string;
let workspace: Workspace;

beforeEach(async () => {
  backend = await mkdtemp(join(tmpdir(), "storytelling-run-lock-"));
  workspace = { backend, stack: "dev" } as Workspace;
});

afterEach(async () => rm(backend, { recursive: true }));

test("fails while another verb works on the stack, and names it", async () => {
  await withRunLock(workspace, "destroy", async () => {
    await expect(withRunLock(workspace, "up", async () => "done")).rejects.toThrow(
      `\`storytelling destroy\` (process ${process.pid}) is working on this stack`,
    );
  });
});

test("the lock is gone after a run, also after one that failed", async () => {
  const failing = withRunLock(workspace, "up", async () => Promise.reject(new Error("boom")));
  await expect(failing).rejects.toThrow("boom");
  expect(await readdir(backend)).toEqual([]);
});

test("the lock of a process that is gone counts for nothing, also when its id is in use again", async () => {
  await writeFile(
    join(backend, "dev.run"),
    JSON.stringify({ pid: process.pid, identity: "earlier", verb: "up" }),
  );
  expect(await withRunLock(workspace, "up", async () => "done")).toBe("done");
});

test("a lock that a killed run left half-written counts for nothing", async () => {
  await writeFile(join(backend, "dev.run"), '{"pid": 1');
  expect(await withRunLock(workspace, "up", async () => "done")).toBe("done");
});
