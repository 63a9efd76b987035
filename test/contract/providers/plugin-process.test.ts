import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildProviders, STAND_INS } from "../../../offline/providers/build.ts";
import { type BuiltPlugins, buildPlugins } from "./support/built-plugins.ts";

let plugins: BuiltPlugins;

beforeAll(async () => {
  plugins = await buildPlugins();
});

afterAll(async () => {
  await plugins.remove();
});

describe("a built plugin", () => {
  it("is not built again while its sources are the same", async () => {
    const executable = join(plugins.folder, "pulumi-resource-docker");
    const before = await stat(executable);
    await buildProviders(plugins.folder);
    expect((await stat(executable)).mtimeMs).toBe(before.mtimeMs);
  });

  it.each(STAND_INS)("%s ends when the program that started it is killed", async (name) => {
    const executable = join(plugins.folder, `pulumi-resource-${name}`);
    const parent = spawn("sh", ["-c", `"${executable}" & echo "pid $!"; wait`], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const pid = await new Promise<number>((resolve) => {
      const lines = createInterface(parent.stdout);
      lines.on("line", (line) => {
        if (line.startsWith("pid ")) resolve(Number(line.slice(4)));
      });
    });
    await sleep(1000);
    expect(await isRunning(pid)).toBe(true);
    parent.kill("SIGKILL");
    await once(parent, "exit");
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false);
  });
});

/** A process that has ended but that nobody asked about is a zombie, not a running one. */
async function isRunning(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return status !== "" && !/^State:\s+Z/m.test(status);
}
