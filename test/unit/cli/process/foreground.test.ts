import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { runInForeground } from "../../../../cli/process/foreground.ts";

const cwd = tmpdir();

async function runScript(script: string, env: NodeJS.ProcessEnv = {}): Promise<number> {
  return runInForeground(process.execPath, ["-e", script], { cwd, env });
}

test("the exit code is that of the program", async () => {
  expect(await runScript("process.exit(3)")).toBe(3);
});

test("a program that was killed has the exit code that a shell gives it", async () => {
  expect(await runScript("process.kill(process.pid, 'SIGKILL')")).toBe(137);
});

test("a variable that is undefined is taken away, and the others stay", async () => {
  const script =
    "process.exit(process.env.HOME === undefined && process.env.PATH && process.env.ADDED ? 0 : 1)";
  expect(await runScript(script, { HOME: undefined, ADDED: "yes" })).toBe(0);
});

test("an end that this process is asked for is passed on as an interrupt, and waited for", async () => {
  const script =
    "process.on('SIGINT', () => setTimeout(() => process.exit(7), 50)); process.kill(process.ppid, 'SIGTERM'); setTimeout(() => 0, 9000)";
  expect(await runScript(script)).toBe(7);
  expect(process.listenerCount("SIGTERM")).toBe(0);
});

test("fails when there is no such program", async () => {
  await expect(runInForeground("/no/such/program", [], { cwd, env: {} })).rejects.toThrow("ENOENT");
});
