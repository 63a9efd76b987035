import { expect, test } from "vitest";
import type { Checkout } from "../support/checkout.ts";
import { ourObjects, runIn, runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";

const GATEWAY = "http://localhost/api/v1/cleaning";

/** What `destroy` takes off, what it keeps, and that it asks. Nothing is left in the end. */
export function destroying(platform: LivePlatform): void {
  test("`destroy` keeps the data, and the next `up` finds it", async () => {
    await sendDocument("kept-document");
    await platform.checkout.succeed("destroy", "--yes");

    expect(await runningContainers()).toEqual({});
    await failOnWrongConfiguration(platform.checkout);

    await platform.checkout.succeed("up", "--skip-verify");
    // The gateway takes some seconds to find the route.
    await expect
      .poll(async () => (await fetch(`${GATEWAY}/documents/kept-document`)).status, { timeout: 30_000 })
      .toBe(200);
  });

  test("`destroy` without an answer removes nothing, and with `--delete-data` leaves nothing", async () => {
    const before = await ourObjects();
    const unasked = await platform.checkout.storytelling("destroy");

    expect(unasked.exitCode).not.toBe(0);
    expect(await ourObjects()).toEqual(before);

    await platform.checkout.succeed("destroy", "--yes", "--delete-data");
    expect(await ourObjects()).toEqual([]);
  });
}

/** The databases are unknown then, for which `up` runs the program again; what fails must fail all the same. */
async function failOnWrongConfiguration(checkout: Checkout): Promise<void> {
  await checkout.configure("limitScale: 0.25", "limitScale: 7");
  const { exitCode, output } = await checkout.storytelling("up");
  await checkout.configure("limitScale: 7", "limitScale: 0.25");

  expect(exitCode).not.toBe(0);
  expect(output).toContain("limitScale");
  expect(await runningContainers()).toEqual({});
}

async function sendDocument(id: string): Promise<void> {
  const accepted = await runIn(
    "cleaning-orchestrator",
    "curl",
    "--silent",
    "--fail",
    "--header",
    "content-type: application/json",
    "--data",
    JSON.stringify({ document_id: id, text: "Some   text" }),
    "http://localhost:8000/process",
  );
  expect(JSON.parse(accepted)).toMatchObject({ document_id: id });
  await expect
    .poll(() => runIn("cleaning-orchestrator", "curl", "-s", `http://localhost:8000/documents/${id}`), {
      timeout: 30_000,
      interval: 500,
    })
    .toContain("Some text");
}
