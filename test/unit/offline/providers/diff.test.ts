import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { planChanges } from "../../../../offline/providers/bridge/diff.ts";
import { plannedOutputs } from "../../../../offline/providers/bridge/normalise.ts";
import {
  block,
  boolean,
  list,
  output,
  type Schema,
  set,
  string,
  textMap,
} from "../../../../offline/providers/bridge/schema.ts";
import type { PropertyMap } from "../../../../offline/providers/bridge/values.ts";

const schema: Schema = {
  name: string({ forceNew: true }),
  flag: boolean(),
  items: list(string()),
  tags: set(block({ key: string(), value: string() }), { forceNew: true }),
  loose: set(block({ key: string(), note: string() })),
  options: textMap(),
  filled: list(string(), { computed: true, forceNew: true }),
  user: string({ emptyIsUnset: true, forceNew: true }),
  address: output(),
};

describe("a plan", () => {
  it.each<[string, PropertyMap, PropertyMap, Record<string, string>]>([
    [
      "names a changed scalar that forces a replacement",
      { name: "a" },
      { name: "b" },
      { name: "update-replace" },
    ],
    ["takes an unset flag and a false one for the same", { flag: false }, {}, {}],
    [
      "names only the list entry that was taken out",
      { items: ["a", "b", "c"] },
      { items: ["a", "c"] },
      { "items[1]": "delete" },
    ],
    ["speaks of a list that becomes empty as a whole", { items: ["a"] }, { items: [] }, { items: "delete" }],
    [
      "names map keys, quoted where they are no plain names",
      { options: {} },
      { options: { "a-b": "1" } },
      { 'options["a-b"]': "add" },
    ],
    ["ignores the order of a set", { tags: [tag("a"), tag("b")] }, { tags: [tag("b"), tag("a")] }, {}],
    [
      "numbers what a set gains by the program's order",
      { tags: [tag("a")] },
      { tags: [tag("a"), tag("b")] },
      { "tags[1]": "add-replace" },
    ],
    [
      "goes into the one element of a set that changed",
      { tags: [tag("a")] },
      { tags: [{ key: "a", value: "y" }] },
      { "tags[0].value": "update-replace" },
    ],
    [
      "speaks of a set as a whole when an element is incomplete",
      { loose: [{ key: "a", note: "" }] },
      { loose: [{ key: "b" }] },
      { loose: "update" },
    ],
    ["leaves alone what the provider filled in", { filled: ["x"] }, {}, {}],
    ["replaces when such a list was never read back", { filled: null }, {}, { filled: "add-replace" }],
    ["takes an empty user for the image's own", { user: "redis" }, { user: "" }, {}],
    ["never compares what only the state has", { address: "10.0.0.1" }, {}, {}],
  ])("%s", (_title, old, inputs, expected) => {
    const { detailed } = planChanges(schema, { filled: [], ...old }, inputs);
    const kinds = [...detailed].map(([path, { kind, replace }]) => [
      path,
      replace ? `${kind}-replace` : kind,
    ]);
    expect(Object.fromEntries(kinds)).toEqual(expected);
  });

  it("is empty for the outputs that the same inputs lead to", () => {
    const text = fc.string({ maxLength: 3 });
    const inputs = fc.record(
      {
        name: text,
        flag: fc.boolean(),
        items: fc.array(text, { maxLength: 3 }),
        tags: fc.uniqueArray(fc.record({ key: text, value: text }), {
          maxLength: 3,
          selector: JSON.stringify,
        }),
        loose: fc.array(fc.record({ key: text }), { maxLength: 2 }),
        options: fc.dictionary(text, text, { maxKeys: 3 }),
        user: text,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(inputs, (given) => {
        const outputs = { ...plannedOutputs(schema, given), filled: [], address: "" };
        expect(planChanges(schema, outputs, given).changed).toEqual([]);
      }),
    );
  });
});

function tag(key: string): PropertyMap {
  return { key, value: "x" };
}
