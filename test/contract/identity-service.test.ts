import { join } from "node:path";
import { execa } from "execa";
import { afterAll, expect, test } from "vitest";
import { imageOf } from "../support/images.ts";

const SERVICE = join(import.meta.dirname, "..", "..", "examples", "identity");
const SERVICE_IMAGE = `storytelling-test/identity:${process.pid}`;
const TEST_IMAGE = `storytelling-test/identity-tests:${process.pid}`;

afterAll(async () => {
  await execa("docker", ["image", "rm", "--force", TEST_IMAGE, SERVICE_IMAGE], { reject: false });
});

test("the identity service passes its own tests in the image that is deployed", async () => {
  await build(SERVICE_IMAGE, SERVICE, `BASE_IMAGE=${await imageOf("debian")}`);
  await build(TEST_IMAGE, join(SERVICE, "tests"), `SERVICE_IMAGE=${SERVICE_IMAGE}`);

  const { exitCode, all } = await execa("docker", ["run", "--rm", TEST_IMAGE], { all: true, reject: false });

  expect(all).toMatch(/\d+ passed/);
  expect(exitCode, all).toBe(0);
});

async function build(image: string, folder: string, argument: string): Promise<void> {
  await execa("docker", ["build", "--quiet", `--tag=${image}`, `--build-arg=${argument}`, folder]);
}
