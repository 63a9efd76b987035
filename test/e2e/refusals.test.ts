import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Checkout } from "./support/checkout.ts";
import { assertHostIsFree, ourObjects } from "./support/host.ts";

const STAGES = "    nlp: {}\n";

let checkout: Checkout;

beforeAll(async () => {
  await assertHostIsFree();
  checkout = await Checkout.create();
});

afterAll(() => checkout?.remove());

describe("bad input is told before anything is touched", () => {
  test.each([
    {
      before: "storytelling:limitScale",
      after: "storytelling:limitScael",
      says: ["limitScael", "limitScale"],
    },
    { before: "limitScale: 0.25", after: "limitScale: 7", says: ["limitScale", "7", "from 0.05 to 1"] },
    { before: STAGES, after: `${STAGES}    poetry: {}\n`, says: ["poetry", "embeddings"] },
    {
      before: "  storytelling:limitScale",
      after: "  storytelling:hostPorts: { gateway: 9090 }\n  storytelling:limitScale",
      says: ["hostPorts.prometheus", "9090", "hostPorts.gateway"],
    },
    {
      before: "  storytelling:limitScale: 0.25",
      after: "  storytelling:host: { cpus: 0.25 }\n  storytelling:limitScale: 0.25",
      says: ["limits.cpus", "the Docker host has 0.25", "limitScale"],
    },
  ])("$after", async ({ before, after, says }) => {
    await checkout.configure(before, after);
    const { exitCode, output } = await checkout.storytelling("up");
    await checkout.configure(after, before);

    expect(exitCode).not.toBe(0);
    for (const words of says) expect(output).toContain(words);
    expect(await ourObjects()).toEqual([]);
    expect(output).not.toMatch(/^\s+at .*\.ts:\d+/m);
  });

  test("a port of the host that another program holds", async () => {
    const server = await listen(9090);
    const { exitCode, output } = await checkout.storytelling("up");
    await new Promise((resolve) => server.close(resolve));

    expect(exitCode).not.toBe(0);
    expect(output).toContain("9090");
    expect(output).toContain("hostPorts.prometheus");
    expect(await ourObjects()).toEqual([]);
  });
});

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}
