import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockState, parseLock, readLocks } from "../../../../cli/pulumi/lock.ts";

let folder: string;
let child: ChildProcess | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-lock-"));
});

afterEach(async () => {
  if (child !== undefined && child.exitCode === null && child.signalCode === null) {
    child.kill("SIGKILL");
    await once(child, "exit");
  }
  child = undefined;
  await rm(folder, { recursive: true });
});

/** A process that sleeps under the given name. */
async function run(name: string): Promise<number> {
  const program = join(folder, name);
  await copyFile("/bin/sleep", program);
  child = spawn(program, ["60"], { stdio: "ignore" });
  await once(child, "spawn");
  return child.pid ?? 0;
}

function lock(pid: number, host = hostname()) {
  return { pid, hostname: host, username: "root", timestamp: "2026-11-22T07:00:00Z" };
}

test("reads the locks of the local backend", async () => {
  const written = lock(4711, "elsewhere");
  await writeFile(join(folder, "8a0c.json"), JSON.stringify(written));
  await writeFile(join(folder, "8a0c.json.attrs"), "{}");
  expect(await readLocks(folder)).toEqual([written]);
});

test("a folder that is not there holds no lock", async () => {
  expect(await readLocks(join(folder, "none"))).toEqual([]);
});

test("a running Pulumi holds its lock", async () => {
  expect(await lockState(lock(await run("pulumi")))).toBe("live");
});

test("another program with the id of a dead Pulumi holds no lock", async () => {
  expect(await lockState(lock(await run("something-else")))).toBe("dead");
});

test("a lock of a process that ended is dead", async () => {
  const pid = await run("pulumi");
  child?.kill("SIGKILL");
  await once(child as ChildProcess, "exit");
  expect(await lockState(lock(pid))).toBe("dead");
});

test("nobody here can tell whether a process on another machine lives", async () => {
  expect(await lockState(lock(process.pid, "another-host"))).toBe("elsewhere");
});

test("a lock that a killed run left half-written is dead", async () => {
  expect(await lockState(parseLock('{"pid": 47'))).toBe("dead");
});
