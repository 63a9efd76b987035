import { expect, test } from "vitest";
import { runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";

/** What a platform on which nothing was changed does: nothing. */
export function unchanged(platform: LivePlatform): void {
  test("a second `up` changes nothing and restarts nothing", async () => {
    const before = await runningContainers();
    await platform.checkout.succeed("up", "--expect-no-changes");

    expect(await runningContainers()).toEqual(before);
  });

  test("`refresh` and then `preview` show no difference", async () => {
    await platform.checkout.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    const { stdout } = await platform.checkout.storytelling("preview", "--json");

    const { changeSummary } = JSON.parse(stdout) as { readonly changeSummary: Record<string, number> };
    expect(Object.keys(changeSummary)).toEqual(["same"]);
  });

  test("every check of the sources passes, the rate limit too", async () => {
    expect(await platform.checkout.succeed("verify")).toContain("429 after");
  });

  test("no verb changes the working tree", async () => {
    expect(await platform.checkout.changedFiles()).toBe("");
  });
}
