import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  formatSums,
  parseSums,
  readSums,
  recordSum,
  sumOfFile,
} from "../../../../offline/cache/sha256-sums.ts";

const SUM_OF_HELLO = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";
const OTHER_SUM = "0".repeat(64);

describe("SHA256SUMS", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sums-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("reads what sha256sum writes in text and in binary mode, and passes over anything else", () => {
    const text = `${SUM_OF_HELLO}  a.xz\n${OTHER_SUM} *b c.xz\n\nnot a sum\n`;

    expect(parseSums(text)).toEqual(
      new Map([
        ["a.xz", SUM_OF_HELLO],
        ["b c.xz", OTHER_SUM],
      ]),
    );
  });

  test("writes the sums sorted by name, in the form that it reads", () => {
    const sums = new Map([
      ["b.xz", OTHER_SUM],
      ["a.xz", SUM_OF_HELLO],
    ]);

    expect(formatSums(sums)).toBe(`${SUM_OF_HELLO}  a.xz\n${OTHER_SUM}  b.xz\n`);
    expect(parseSums(formatSums(sums))).toEqual(sums);
  });

  test("a folder without a record has no sums", async () => {
    expect(await readSums(folder)).toEqual(new Map());
  });

  test("recording a sum keeps the others, replaces its own and leaves no draft behind", async () => {
    await recordSum(folder, "a.xz", OTHER_SUM);
    await recordSum(folder, "b.xz", OTHER_SUM);
    await recordSum(folder, "a.xz", SUM_OF_HELLO);

    expect(await readFile(join(folder, "SHA256SUMS"), "utf8")).toBe(
      `${SUM_OF_HELLO}  a.xz\n${OTHER_SUM}  b.xz\n`,
    );
  });

  test("the sum of a file is the SHA-256 of its content", async () => {
    await writeFile(join(folder, "file"), "hello");

    expect(await sumOfFile(join(folder, "file"))).toBe(SUM_OF_HELLO);
  });
});
