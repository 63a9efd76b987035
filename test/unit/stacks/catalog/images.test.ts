import { describe, expect, test } from "vitest";
import { IMAGES } from "../../../../stacks/catalog/images.ts";
import { imageReference } from "../../../../stacks/config/fields.ts";

describe("the image catalogue", () => {
  test.each(Object.entries(IMAGES))("pins %s to a version: %s", (_, image) => {
    expect(imageReference.safeParse(image).success).toBe(true);
    expect(image.split(":")[1]).not.toMatch(/^(latest|stable|main|edge|nightly)$/);
  });

  test("names every image once", () => {
    expect(new Set(Object.values(IMAGES)).size).toBe(Object.keys(IMAGES).length);
  });

  test.each(Object.entries(IMAGES).filter(([name]) => name !== "debian"))(
    "gives %s an exact version and not a series: %s",
    (_, image) => {
      expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-community)?$/);
    },
  );
});
