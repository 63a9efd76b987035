import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { imageOf } from "../../support/images.ts";
import type { LivePlatform } from "../support/live-platform.ts";

const CRASHING_IMAGE = "storytelling-e2e/crashing:1";
const STAGES = "    nlp: {}\n";
const CRASHING = `    graph: { image: "${CRASHING_IMAGE}" }\n`;

/** A stage that does not start says why. It is switched off afterwards. */
export function crash(platform: LivePlatform): void {
  afterAll(async () => {
    await platform.checkout.configure(CRASHING, "    graph: { enabled: false }\n");
    await execa("docker", ["image", "rm", "--force", CRASHING_IMAGE], { reject: false });
  });

  test("a stage whose containers crash fails `up`, which shows exit code, last log lines and what to do", async () => {
    await buildCrashingImage();
    await platform.checkout.configure(STAGES, STAGES + CRASHING);

    const { exitCode, output } = await platform.checkout.storytelling("up");

    expect(exitCode).not.toBe(0);
    expect(output).toContain("graph-orchestrator");
    expect(output).toContain("the stage cannot find its model");
    expect(output).toMatch(/exit code 3|exited with 3|exit code: 3/);
  });
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
