import { expect, test } from "vitest";
import { logicalName, parseState, resourcesOfType, TYPES } from "../../../../cli/pulumi/state.ts";

const URN = "urn:pulumi:dev::story::docker:index/network:Network::";

function checkpoint(resources: readonly object[], pending: readonly object[] = []): string {
  return JSON.stringify({ checkpoint: { latest: { resources, pending_operations: pending } } });
}

test("a replaced object that waits for its deletion is known and stands for no resource", () => {
  const state = parseState(
    checkpoint([
      { urn: `${URN}net`, type: TYPES.network, custom: true, id: "new" },
      { urn: `${URN}net`, type: TYPES.network, custom: true, id: "old", delete: true },
      { urn: `${URN}gone`, type: TYPES.network, custom: true, id: "gone", pendingReplacement: true },
    ]),
  );
  expect(resourcesOfType(state, TYPES.network).map(({ id }) => id)).toEqual(["new"]);
  expect(state.knownIds).toEqual(new Set(["new", "old", "gone"]));
});

test("outputs are those of the stack", () => {
  const stack = {
    urn: "…",
    type: "pulumi:pulumi:Stack",
    custom: false,
    outputs: { urls: { gateway: "http://localhost" } },
  };
  expect(parseState(checkpoint([stack])).outputs).toEqual({ urls: { gateway: "http://localhost" } });
});

test("operations that a killed run had begun are read", () => {
  const pending = { type: "creating", resource: { urn: `${URN}net`, type: TYPES.network, custom: true } };
  expect(parseState(checkpoint([], [pending])).pendingOperations).toEqual([pending]);
});

test("a stack that was never brought up is empty", () => {
  expect(parseState('{"checkpoint":{"stack":"dev"}}')).toEqual({
    resources: [],
    knownIds: new Set(),
    pendingOperations: [],
    outputs: {},
  });
});

test("the logical name is the last part of a URN", () => {
  expect(logicalName(`${URN}ops-network`)).toBe("ops-network");
});
