import { describe, expect, it } from "vitest";
import { refreshInputs } from "../../../../offline/providers/bridge/refresh-inputs.ts";
import {
  block,
  integer,
  output,
  type Schema,
  set,
  string,
} from "../../../../offline/providers/bridge/schema.ts";

const schema: Schema = {
  name: string(),
  memory: integer(),
  envs: set(string()),
  health: block({ interval: string(), retries: integer() }),
  address: output(),
};

describe("inputs after a refresh", () => {
  it("keep their order and spelling where nothing drifted", () => {
    const inputs = { __defaults: ["memory"], name: "a", memory: 1, envs: ["B", "A"] };
    expect(refreshInputs(schema, inputs, { name: "a", memory: 1, envs: ["A", "B"], address: "x" })).toEqual(
      inputs,
    );
  });

  it("take over what drifted, inside nested objects too", () => {
    const inputs = { memory: 128, health: { interval: "1s" } };
    const outputs = { memory: 192, health: { interval: "2s", retries: 3 } };
    expect(refreshInputs(schema, inputs, outputs)).toEqual({ memory: 192, health: { interval: "2s" } });
  });

  it("say nothing about properties that the program left out", () => {
    expect(refreshInputs(schema, { name: "a" }, { name: "a", memory: 64 })).toEqual({ name: "a" });
  });

  it("of an import are everything that is set and may be given", () => {
    const outputs = { name: "a", memory: 0, envs: [], health: null, address: "10.0.0.1" };
    expect(refreshInputs(schema, {}, outputs)).toEqual({ name: "a" });
  });
});
