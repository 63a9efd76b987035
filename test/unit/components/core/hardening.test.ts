import { describe, expect, test } from "vitest";
import { assertHardening, dockerTmpfs, dockerUser } from "../../../../components/core/hardening.ts";
import { NOT_HARDENED } from "../../../support/hardening.ts";

const READ_ONLY = { readOnly: true } as const;

describe("an exception from the hardening", () => {
  test.each([
    ["root", { ...NOT_HARDENED, user: { root: "" } }],
    ["a user of the image", { ...NOT_HARDENED, user: { ofImage: " " } }],
    ["a writable root", { ...NOT_HARDENED, rootFilesystem: { writable: "" } }],
    ["a capability", { ...NOT_HARDENED, capabilities: [{ name: "CAP_CHOWN", reason: "" }] }],
  ] as const)("needs a reason: %s", (_what, hardening) => {
    expect(() => assertHardening(hardening, 0)).toThrow("no reason");
  });

  test("with a reason is allowed", () => {
    expect(() =>
      assertHardening({ ...NOT_HARDENED, user: { root: "the socket is root's" } }, 1),
    ).not.toThrow();
  });

  test.each(["root", "0", "0:0"])("cannot be hidden behind the name %s", (name) => {
    expect(() => assertHardening({ ...NOT_HARDENED, user: { name } }, 0)).toThrow(
      `the user "${name}" is root`,
    );
  });
});

test("files that Docker could not copy onto a read-only root are refused before anything is made", () => {
  expect(() => assertHardening({ ...NOT_HARDENED, rootFilesystem: READ_ONLY }, 2)).toThrow("2 files");
  expect(() => assertHardening({ ...NOT_HARDENED, rootFilesystem: READ_ONLY }, 0)).not.toThrow();
});

test("a user is given to Docker as it is, root as a number, and the image's own not at all", () => {
  expect(dockerUser({ name: "999:999" })).toBe("999:999");
  expect(dockerUser({ root: "a reason" })).toBe("0:0");
  expect(dockerUser({ ofImage: "a reason" })).toBeUndefined();
});

test("a folder in memory holds no program and no device, and no more than its size", () => {
  expect(dockerTmpfs({ ...READ_ONLY, scratch: { "/tmp": "64 MB" } })).toEqual({
    "/tmp": "rw,noexec,nosuid,nodev,mode=1777,size=64m",
  });
  expect(dockerTmpfs({ writable: "a reason" })).toEqual({});
});
