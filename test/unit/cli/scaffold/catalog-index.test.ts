import { describe, expect, test } from "vitest";
import { catalogEntries, withEntry } from "../../../../cli/scaffold/catalog-index.ts";

const INDEX = `import type { StageDefinition } from "../../../components/stage/definition.ts";
import { cleaning } from "./1-cleaning.ts";
import { nlp } from "./2-nlp.ts";

/** The stages. */
export const STAGE_CATALOG: readonly StageDefinition[] = [cleaning, nlp];
`;

describe("the index of the catalogue", () => {
  test("names its stages", () => {
    expect(catalogEntries(INDEX)).toEqual([
      { number: 1, module: "./1-cleaning.ts", exportName: "cleaning" },
      { number: 2, module: "./2-nlp.ts", exportName: "nlp" },
    ]);
  });

  test("takes a stage in the place of the one with its number", () => {
    const index = withEntry(INDEX, { number: 1, module: "./1-intake.ts", exportName: "intake" });

    expect(index).toBe(
      INDEX.replace('{ cleaning } from "./1-cleaning.ts"', '{ intake } from "./1-intake.ts"').replace(
        "[cleaning,",
        "[intake,",
      ),
    );
  });

  test("takes a stage with a free number, in order, and breaks a line that grows too long", () => {
    const added = { number: 3, module: "./3-x.ts", exportName: "x".repeat(60) };

    expect(withEntry(INDEX, added).split("\n").slice(2)).toEqual([
      'import { nlp } from "./2-nlp.ts";',
      `import { ${added.exportName} } from "./3-x.ts";`,
      "",
      "/** The stages. */",
      "export const STAGE_CATALOG: readonly StageDefinition[] = [",
      "  cleaning,",
      "  nlp,",
      `  ${added.exportName},`,
      "];",
      "",
    ]);
  });
});
