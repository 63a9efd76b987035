import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";

const lockSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      resolved: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).default({}),
    }),
  ),
});

async function readLock() {
  return lockSchema.parse(
    JSON.parse(await readFile(join(import.meta.dirname, "../../../../package-lock.json"), "utf8")),
  );
}

test("the lock file holds the packages of every platform: `npm ci` refuses one where the registry lacks any", async () => {
  const { packages } = await readLock();
  const absent = Object.entries(packages).flatMap(([path, { optionalDependencies }]) =>
    Object.keys(optionalDependencies).filter(
      (name) =>
        packages[`node_modules/${name}`] === undefined &&
        packages[`${path}/node_modules/${name}`] === undefined,
    ),
  );

  expect(absent).toEqual([]);
});

test("the lock file names no registry", async () => {
  const { packages } = await readLock();

  expect(Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
});
