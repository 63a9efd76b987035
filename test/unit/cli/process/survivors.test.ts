import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, expect, test } from "vitest";
import { isRunning, processIdentity, programName } from "../../../../cli/process/liveness.ts";
import { endSurvivors, findSurvivors, RUN_VARIABLE } from "../../../../cli/process/survivors.ts";

const BACKEND = `/tmp/storytelling-survivors-${process.pid}`;
const children: ChildProcess[] = [];

afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await once(child, "exit");
  }
});

async function run(
  script: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ChildProcess & { readonly pid: number }> {
  const child = spawn("sh", ["-c", `${script}; echo ready; while :; do sleep 0.1; done`], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  children.push(child);
  await once(child.stdout as NodeJS.ReadableStream, "data");
  return child as ChildProcess & { readonly pid: number };
}

test("what a killed run left running is found by its variable, and nothing else", async () => {
  const survivor = await run(":", { [RUN_VARIABLE]: BACKEND });
  await run(":", { [RUN_VARIABLE]: `${BACKEND}-other` });
  await run(":");
  const found = await findSurvivors(BACKEND);
  expect(found.filter(({ program }) => program === "sh")).toEqual([{ pid: survivor.pid, program: "sh" }]);
});

test("a survivor that does not listen is killed", async () => {
  const stubborn = await run("trap '' TERM", { [RUN_VARIABLE]: BACKEND });
  const ended = once(stubborn, "exit");
  await endSurvivors([{ pid: stubborn.pid, program: "sh" }], 300);
  await ended;
  expect(stubborn.signalCode).toBe("SIGKILL");
});

test("a process that is gone already is no trouble", async () => {
  const child = await run(":");
  child.kill("SIGKILL");
  await once(child, "exit");
  await expect(endSurvivors([{ pid: child.pid, program: "sh" }])).resolves.toBeUndefined();
  expect(await isRunning(child.pid)).toBe(false);
  expect(await processIdentity(child.pid)).toBeUndefined();
});

test("a process keeps its identity and has another one than a later process", async () => {
  const child = await run(":");
  expect(await processIdentity(child.pid)).toBe(await processIdentity(child.pid));
  expect(await processIdentity(child.pid)).not.toBe(await processIdentity(process.pid));
  expect(await programName(child.pid)).toBe("sh");
});
