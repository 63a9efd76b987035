import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findProgram } from "../../../../cli/setup/programs-on-path.ts";
import { isNewEnough } from "../../../../cli/setup/pulumi-cli.ts";
import { ensureSystemProgram, parseAptStatus } from "../../../../cli/setup/system-packages.ts";

describe("a program on PATH", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "path-"));
    for (const name of ["first", "second"]) {
      await mkdir(join(folder, name));
      await writeFile(join(folder, name, "tool"), "#!/bin/sh\n");
    }
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("is the first one that can be run", async () => {
    const searchPath = ["absent", "first", "second"].map((name) => join(folder, name)).join(delimiter);
    await chmod(join(folder, "second", "tool"), 0o755);

    expect(await findProgram("tool", searchPath)).toBe(join(folder, "second", "tool"));

    await chmod(join(folder, "first", "tool"), 0o755);
    expect(await findProgram("tool", searchPath)).toBe(join(folder, "first", "tool"));
  });

  test("is undefined when there is none", async () => {
    expect(await findProgram("no-such-program", join(folder, "first"))).toBeUndefined();
  });

  test("needs no package manager when it is there", async () => {
    const reports: string[] = [];
    const wanted = { program: "node", packages: ["no-such-package"], purpose: "for this test" };

    await ensureSystemProgram(wanted, (status) => reports.push(status));

    expect(reports).toEqual([]);
  });
});

describe("version of the Pulumi CLI", () => {
  test.each(["3.259.0", "v3.259.0", "v3.259.1", "v3.1000.0", "v4.0.0"])("%s is new enough", (version) => {
    expect(isNewEnough(version, "3.259.0")).toBe(true);
  });

  test.each(["v3.258.9", "v3.60.0", "2.999.0", "broken (no such file)"])("%s is not", (version) => {
    expect(isNewEnough(version, "3.259.0")).toBe(false);
  });
});

describe("status lines of apt", () => {
  test.each([
    ["dlstatus:1:20.0001:Retrieving file 1 of 5", "20 % Retrieving file 1 of 5"],
    ["pmstatus:docker.io:57.1429:Unpacking docker.io (amd64)", "57 % Unpacking docker.io (amd64)"],
    ["pmstatus:libc6:amd64:80:Configuring libc6:amd64", "80 % Configuring libc6:amd64"],
  ])("%s -> %s", (line, status) => {
    expect(parseAptStatus(line)).toBe(status);
  });

  test("any other line is no status", () => {
    expect(parseAptStatus("E: Unable to locate package nothing")).toBeUndefined();
  });
});
