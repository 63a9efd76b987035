import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { recall, remember } from "../../../../cli/setup/memory.ts";

const TOOLCHAIN = {
  command: "/bin/pulumi",
  folders: ["/bin"],
  policyPack: "policy",
  standIns: ["docker"],
  facts: "f",
};

describe("memory of the set-up", () => {
  let folder: string;
  let file: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "memory-"));
    file = join(folder, "inner", "setup.json");
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("is empty at first", async () => {
    expect(await recall(file)).toEqual({});
  });

  test("adds what is new and keeps the rest, without leaving a draft behind", async () => {
    await remember({ toolchain: TOOLCHAIN }, file);
    await remember({ images: { "redis:8": "offline" } }, file);

    expect(await recall(file)).toEqual({ toolchain: TOOLCHAIN, images: { "redis:8": "offline" } });
    expect(await readdir(join(folder, "inner"))).toEqual(["setup.json"]);
  });

  test.each([
    ["cut off", '{"toolchain": {'],
    ["of another form", '{"images": {"redis:8": "perhaps"}}'],
  ])("that is %s counts as empty: the run decides again", async (_how, text) => {
    await remember({}, file);
    await writeFile(file, text);

    expect(await recall(file)).toEqual({});
  });
});
