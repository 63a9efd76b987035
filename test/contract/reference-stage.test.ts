import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { imageOf } from "../support/images.ts";

const STAGE = join(import.meta.dirname, "..", "..", "examples", "reference-stage");
const STAGE_IMAGE = `storytelling-test/reference-stage:${process.pid}`;
const TEST_IMAGE = `storytelling-test/reference-stage-tests:${process.pid}`;

afterAll(async () => {
  await execa("docker", ["image", "rm", "--force", TEST_IMAGE, STAGE_IMAGE], { reject: false });
});

test("the reference stage passes its own tests in the image that is deployed", async () => {
  await build(STAGE_IMAGE, STAGE, `BASE_IMAGE=${await imageOf("debian")}`);
  await build(TEST_IMAGE, join(STAGE, "tests"), `STAGE_IMAGE=${STAGE_IMAGE}`);

  const { exitCode, all } = await execa("docker", ["run", "--rm", TEST_IMAGE], { all: true, reject: false });

  expect(all).toMatch(/\d+ passed/);
  expect(exitCode, all).toBe(0);
});

async function build(image: string, folder: string, argument: string): Promise<void> {
  await execa("docker", ["build", "--quiet", `--tag=${image}`, `--build-arg=${argument}`, folder]);
}
