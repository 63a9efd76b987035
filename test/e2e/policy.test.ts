import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Checkout } from "./support/checkout.ts";

let checkout: Checkout;

beforeAll(async () => {
  checkout = await Checkout.create();
});

// A preview makes nothing on the host.
afterAll(() => rm(checkout.root, { recursive: true, force: true }));

describe("a preview under the policy pack", () => {
  test("passes the platform as it is committed", async () => {
    expect(await checkout.succeed("preview", "--policy")).toMatch(/✅ storytelling@v\d/);
  });

  test("fails for an admin page that listens on every address", async () => {
    const [closed, open] = ['prometheus, address: "127.0.0.1"', 'prometheus, address: "0.0.0.0"'];
    await change("stacks/platform.ts", closed, open);
    const { exitCode, output } = await checkout.storytelling("preview", "--policy");
    await change("stacks/platform.ts", open, closed);

    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      "storytelling-prometheus publishes 0.0.0.0:9090 -> 9090; it may listen on 127.0.0.1 only",
    );
  });

  test("fails for a secret that the program does not mark, and passes those that it marks", async () => {
    await addVariable('API_TOKEN: "abc"');
    const { exitCode, output } = await checkout.storytelling("preview", "--policy");

    expect(exitCode).not.toBe(0);
    expect(output).toContain(
      "storytelling-traefik has API_TOKEN in plain text; wrap its value with pulumi.secret",
    );
    expect(output).not.toContain("POSTGRES_PASSWORD in plain text");
  });
});

/** Gives every container a variable. */
async function addVariable(entry: string): Promise<void> {
  await change(
    "components/core/managed-container.ts",
    "args.environment ?? {}",
    `{ ...args.environment, ${entry} }`,
  );
}

/** Replaces a piece of the program. */
async function change(path: string, before: string, after: string): Promise<void> {
  const file = join(checkout.root, path);
  const text = await readFile(file, "utf8");
  const changed = text.replace(before, after);
  expect(changed).not.toBe(text);
  await writeFile(file, changed);
}
