import { describe, expect, it } from "vitest";
import { resourcesToCreate } from "../../bench/measure/preview.ts";

describe("resourcesToCreate", () => {
  it("reads the number from the summary", () => {
    expect(resourcesToCreate("Previewing update\n\nResources:\n    + 137 to create\n")).toBe(137);
  });

  it("shows the output when there is no summary, because the preview cannot have worked", () => {
    expect(() => resourcesToCreate("error: something")).toThrow("error: something");
  });
});
