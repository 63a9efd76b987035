import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Checkout } from "./support/checkout.ts";
import { assertHostIsFree, runningContainers } from "./support/host.ts";

const KILLS = 10;
/** A whole `up` takes about half a minute; the later kills hit the end of one that goes on from the earlier ones. */
const LONGEST_SECONDS = 15;

let checkout: Checkout;

beforeAll(async () => {
  await assertHostIsFree();
  checkout = await Checkout.create();
});

afterAll(() => checkout.remove());

test(`an \`up\` that was killed at ${KILLS} random moments converges on the next one without a person`, async () => {
  const moments: number[] = [];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const seconds = 0.5 + Math.random() * LONGEST_SECONDS;
    moments.push(seconds);
    await killedAfter(seconds);
  }
  const told = `killed after ${moments.map((seconds) => seconds.toFixed(1)).join(", ")} seconds`;

  const output = await checkout.succeed("up");

  expect(output).toMatch(/✔ \d+ checks passed/);
  const { deployment } = JSON.parse(await checkout.pulumi("stack export")) as {
    readonly deployment: {
      readonly pending_operations?: readonly unknown[];
      readonly resources: readonly { readonly type: string; readonly id?: string }[];
    };
  };
  expect(deployment.pending_operations ?? [], told).toEqual([]);
  const known = deployment.resources.filter(({ type }) => type === "docker:index/container:Container");
  const running = Object.values(await runningContainers()).map((state) => state.split(" ")[0]);
  expect(new Set(running), told).toEqual(new Set(known.map(({ id }) => id)));
});

/** The whole process group, Pulumi and its plugins with it, as when a machine is reset or a job is cancelled. */
async function killedAfter(seconds: number): Promise<void> {
  const run = checkout.start(["up", "--skip-verify"]);
  await sleep(seconds * 1000);
  const { pid } = run;
  if (pid === undefined) throw new Error("the run did not start");
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It was faster than the kill.
  }
  await run;
}
