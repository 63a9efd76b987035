import { expect, test } from "vitest";
import { runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";

/** One line of configuration switches a stage on and off. */
export function switching(platform: LivePlatform): void {
  test("switching stage 3 on restarts no running container, and switching it off again neither", async () => {
    const before = await runningContainers();
    await platform.checkout.configure("    nlp: {}\n", "    nlp: {}\n    embeddings: {}\n");
    await platform.checkout.succeed("up");
    const with3 = await runningContainers();

    expect(with3).toMatchObject(before);
    expect(Object.keys(with3).filter((name) => !(name in before))).toEqual([
      "embeddings-celery-worker",
      "embeddings-orchestrator",
    ]);

    await platform.checkout.configure("    embeddings: {}\n", "    embeddings: { enabled: false }\n");
    await platform.checkout.succeed("up", "--skip-verify");

    expect(await runningContainers()).toEqual(before);
  });
}
