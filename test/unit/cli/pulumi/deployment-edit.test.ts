import { expect, test } from "vitest";
import { type ExportedStack, forget, withFollowers } from "../../../../cli/pulumi/deployment-edit.ts";

const resources: NonNullable<ExportedStack["deployment"]["resources"]> = [
  { urn: "network" },
  { urn: "volume" },
  {
    urn: "server",
    dependencies: ["network", "volume"],
    propertyDependencies: { name: ["network"], image: null },
  },
  { urn: "database", deletedWith: "volume" },
  { urn: "grant", parent: "database", dependencies: ["database"] },
  { urn: "stage", dependencies: ["server"], propertyDependencies: { envs: ["server", "network"] } },
];

const stack = {
  version: 3,
  deployment: {
    manifest: { version: "v3.259.0" },
    resources,
    pending_operations: [{ type: "creating" }],
  },
};

test("a forgotten resource leaves no reference behind, and everything else of the stack stays", () => {
  expect(forget(stack, ["server"])).toEqual({
    version: 3,
    deployment: {
      manifest: { version: "v3.259.0" },
      resources: [
        { urn: "network" },
        { urn: "volume" },
        { urn: "database", deletedWith: "volume" },
        { urn: "grant", parent: "database", dependencies: ["database"] },
        { urn: "stage", dependencies: [], propertyDependencies: { envs: ["network"] } },
      ],
    },
  });
});

test("what cannot be there without a forgotten resource is forgotten with it, however far it is away", () => {
  expect(withFollowers(resources, ["volume"])).toEqual(new Set(["volume", "database", "grant"]));
});

test("operations that were begun are dropped unless they are still to be looked at", () => {
  expect(forget(stack, []).deployment.pending_operations).toBeUndefined();
  expect(forget(stack, [], true).deployment.pending_operations).toEqual([{ type: "creating" }]);
});
