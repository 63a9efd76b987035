import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { imageOf } from "../support/images.ts";
import { Checkout } from "./support/checkout.ts";
import { assertHostIsFree, ourObjects } from "./support/host.ts";

const CRASHING_IMAGE = "storytelling-e2e/crashing:1";
const STAGES = "    nlp: {}\n";

let checkout: Checkout;

beforeAll(async () => {
  await assertHostIsFree();
  checkout = await Checkout.create();
});

afterAll(async () => {
  await checkout.remove();
  await execa("docker", ["image", "rm", "--force", CRASHING_IMAGE], { reject: false });
});

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

test("a stage whose containers crash fails `up`, which shows exit code, last log lines and what to do", async () => {
  await buildCrashingImage();
  await checkout.configure(STAGES, `${STAGES}    timeline: { image: "${CRASHING_IMAGE}" }\n`);

  const { exitCode, output } = await checkout.storytelling("up");

  expect(exitCode).not.toBe(0);
  expect(output).toContain("timeline-orchestrator");
  expect(output).toContain("the stage cannot find its model");
  expect(output).toMatch(/exit code 3|exited with 3|exit code: 3/);
});

async function listen(port: number): Promise<Server> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return server;
}

async function buildCrashingImage(): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "storytelling-e2e-crashing-"));
  const script = "#!/bin/sh\\necho 'the stage cannot find its model' >&2\\nexit 3\\n";
  await writeFile(
    join(context, "Dockerfile"),
    `FROM ${await imageOf("debian")}\nRUN printf "${script}" > /usr/local/bin/python && chmod 755 /usr/local/bin/python\n`,
  );
  await execa("docker", ["build", "--quiet", "--tag", CRASHING_IMAGE, context]);
  await rm(context, { recursive: true });
}
