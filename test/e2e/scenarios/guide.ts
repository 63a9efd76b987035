import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { type Fence, fences, section } from "../../support/markdown.ts";
import { runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";

const GUIDE = join(import.meta.dirname, "..", "..", "..", "docs", "adding-a-stage.md");

/** What a stage team reads holds. */
export function guide(platform: LivePlatform): void {
  test("the guide, followed word for word, attaches a new stage to the running platform and restarts nothing", async () => {
    const steps = fences(section(await readFile(GUIDE, "utf8"), "A new stage, step by step"));
    const before = await runningContainers();
    for (const step of steps) await follow(step, platform.checkout.root);
    const after = await runningContainers();

    expect(steps.length).toBeGreaterThanOrEqual(6);
    expect(after).toMatchObject(before);
    expect(Object.keys(after).filter((name) => !(name in before))).toEqual([
      "topics-celery-worker-1",
      "topics-celery-worker-2",
      "topics-orchestrator",
    ]);
    // The rate limit that `verify` used up last refills meanwhile.
    await expect
      .poll(() => answer("/documents/topics-1"), { timeout: 90_000, interval: 1000 })
      .toMatchObject({ status: "success", result: { topics: ["glacier", "after", "river"] } });
  });
}

/** Does what a reader does with a block: runs it, applies it, or saves it. A failure is thrown with its output. */
async function follow({ language, file, text }: Fence, root: string): Promise<void> {
  const options = { cwd: root, all: true };
  if (language === "sh") await execa("bash", ["-euc", text], { ...options, stdin: "ignore" });
  else if (language === "diff") await execa("git", ["apply", "-"], { ...options, input: text });
  else if (file !== undefined) await save(join(root, file), text);
  else throw new Error(`the guide has a ${language} block that nobody can follow:\n${text}`);
}

async function save(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function answer(path: string): Promise<unknown> {
  const response = await fetch(`http://localhost/api/v1/topics${path}`);
  return response.ok ? response.json() : response.status;
}
