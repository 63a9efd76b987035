import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ArtifactCache, artifactFile } from "../../../../offline/cache/artifact-cache.ts";
import { readSums, recordSum, sumOfFile } from "../../../../offline/cache/sha256-sums.ts";

const ARTIFACT = { name: "tool", version: "v1.2.3" };
const PROGRAM = "#!/bin/sh\necho it runs\n";

describe("ArtifactCache", () => {
  let root: string;
  let shared: string;
  let own: string;
  let warnings: string[];
  let cache: ArtifactCache;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "cache-"));
    shared = join(root, "shared");
    own = join(root, "own");
    warnings = [];
    const folders = { artifacts: [shared, own], programs: join(root, "bin") };
    cache = new ArtifactCache((line) => warnings.push(line), folders);
    await mkdir(shared);
    await writeFile(join(root, "compiled"), PROGRAM);
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function putArtifact(folder: string, recordedSum?: string): Promise<void> {
    const file = join(folder, artifactFile(ARTIFACT));
    await writeFile(file, execFileSync("xz", ["--stdout", join(root, "compiled")]));
    await recordSum(folder, artifactFile(ARTIFACT), recordedSum ?? (await sumOfFile(file)));
  }

  test("names an artifact by program, version, system and processor", () => {
    expect(artifactFile(ARTIFACT)).toMatch(/^tool-v1\.2\.3-[a-z0-9]+-[a-z0-9]+\.xz$/);
  });

  test("finds nothing where nothing is, without a word", async () => {
    expect(await cache.find(ARTIFACT)).toBeUndefined();
    expect(warnings).toEqual([]);
  });

  test("unpacks an artifact with the right sum into a program that runs", async () => {
    await putArtifact(shared);

    const program = await cache.find(ARTIFACT);

    expect(execFileSync(String(program), { encoding: "utf8" })).toBe("it runs\n");
    expect(warnings).toEqual([]);
  });

  test("unpacks once: the second time the program is taken as it lies there", async () => {
    await putArtifact(shared);
    const program = String(await cache.find(ARTIFACT));
    const before = await stat(program);

    expect(await cache.find(ARTIFACT)).toBe(program);
    expect((await stat(program)).mtimeMs).toBe(before.mtimeMs);
  });

  test("ignores an artifact with a wrong sum, and names the file and both sums", async () => {
    const wrong = "0".repeat(64);
    await putArtifact(shared, wrong);

    expect(await cache.find(ARTIFACT)).toBeUndefined();
    const file = join(shared, artifactFile(ARTIFACT));
    expect(warnings).toEqual([
      `${file} is not used: its SHA-256 is ${await sumOfFile(file)}, SHA256SUMS says ${wrong}`,
    ]);
  });

  test("ignores an artifact that has no recorded sum, and says so", async () => {
    await putArtifact(shared);
    await rm(join(shared, "SHA256SUMS"));

    expect(await cache.find(ARTIFACT)).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining("SHA256SUMS has none for it")]);
  });

  test("looks into the next folder when the first has only a damaged artifact", async () => {
    await mkdir(own);
    await putArtifact(shared, "0".repeat(64));
    await putArtifact(own);

    expect(await readFile(String(await cache.find(ARTIFACT)), "utf8")).toBe(PROGRAM);
    expect(warnings).toHaveLength(1);
  });

  test("keeps a compiled program in the first folder, with its sum, so that the next run finds it", async () => {
    const kept = await cache.keep(ARTIFACT, join(root, "compiled"));

    expect((await readdir(shared)).sort()).toEqual(["SHA256SUMS", artifactFile(ARTIFACT)]);
    expect(await cache.find(ARTIFACT)).toBe(kept);
    const file = artifactFile(ARTIFACT);
    expect(await readSums(shared)).toEqual(new Map([[file, await sumOfFile(join(shared, file))]]));
  });

  test("leaves a folder alone that nobody may write, and keeps new programs in the next one", async () => {
    await chmod(shared, 0o555);

    await cache.keep(ARTIFACT, join(root, "compiled"));

    expect(await readdir(shared)).toEqual([]);
    expect((await readdir(own)).sort()).toEqual(["SHA256SUMS", artifactFile(ARTIFACT)]);
    await chmod(shared, 0o755);
  });
});
