import { describe, expect, test } from "vitest";
import { UPLOADED_FILES } from "../../../../components/core/hardening.ts";
import { serviceHardening } from "../../../../components/stage/service-hardening.ts";

describe("the walls of a stage's containers", () => {
  test("are left to an image that nobody but its team knows, with the reason", () => {
    expect(serviceHardening({ kind: "worker" }, 0)).toEqual({
      user: { ofImage: expect.stringContaining("image") },
      rootFilesystem: { writable: expect.stringContaining("image") },
    });
  });

  test("are as high as the definition says: another user, and nothing to write but memory", () => {
    expect(serviceHardening({ kind: "worker", user: "1000:1000", readOnlyRoot: true }, 0)).toEqual({
      user: { name: "1000:1000" },
      rootFilesystem: { readOnly: true, scratch: { "/tmp": "64 MB" } },
    });
  });

  test("have another reason where files are copied into the container", () => {
    expect(serviceHardening({ kind: "consumer" }, 1).rootFilesystem).toEqual({ writable: UPLOADED_FILES });
  });

  test.each(["root", "0", "0:0", "root:root"])("name %s as root, with a reason", (user) => {
    expect(serviceHardening({ kind: "worker", user }, 0).user).toEqual({ root: expect.any(String) });
  });
});
