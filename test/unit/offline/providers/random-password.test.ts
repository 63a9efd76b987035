import { compare } from "bcryptjs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { textOf } from "../../../../offline/providers/bridge/values.ts";
import { generatePassword } from "../../../../offline/providers/random/password-characters.ts";
import { randomId } from "../../../../offline/providers/random/random-id.ts";
import { randomPassword } from "../../../../offline/providers/random/random-password.ts";

const signal = new AbortController().signal;
const classes = { lower: true, upper: true, numeric: true, special: false };

describe("a random password", () => {
  it("has its length and only allowed characters", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 64 }), (length) => {
        expect(generatePassword({ ...classes, length })).toMatch(new RegExp(`^[A-Za-z0-9]{${length}}$`));
      }),
    );
  });

  it("draws special characters from the ones given", () => {
    const planned = { length: 40, special: true, overrideSpecial: "_" };
    expect(generatePassword(planned)).toBe("_".repeat(40));
  });

  it("fails when more characters are required than fit", () => {
    expect(() => generatePassword({ ...classes, length: 1, minLower: 2 })).toThrow("raise length");
  });

  it("comes with its bcrypt hash and is not the same twice", async () => {
    const first = await randomPassword.create(undefined, { planned: { ...classes, length: 24 }, signal });
    const second = await randomPassword.create(undefined, { planned: { ...classes, length: 24 }, signal });
    const result = textOf(first.outputs, "result");
    const bcryptHash = textOf(first.outputs, "bcryptHash");
    expect(bcryptHash).toMatch(/^\$2a\$10\$/);
    expect(await compare(result, bcryptHash)).toBe(true);
    expect(second.outputs["result"]).not.toBe(result);
  });
});

describe("a random id", () => {
  it("is the same bytes in every notation, behind the prefix", async () => {
    const { id, outputs } = await randomId.create(undefined, {
      planned: { byteLength: 8, prefix: "p-" },
      signal,
    });
    const bytes = Buffer.from(id, "base64url");
    expect(bytes).toHaveLength(8);
    expect(outputs).toMatchObject({
      b64Url: `p-${id}`,
      b64Std: `p-${bytes.toString("base64")}`,
      hex: `p-${bytes.toString("hex")}`,
      dec: `p-${bytes.readBigUInt64BE()}`,
    });
  });
});
