import { expect, test } from "vitest";
import type { Drift } from "../../../../cli/heal/drift.ts";
import { assertNotAnotherCheckout, permitDataLoss } from "../../../../cli/heal/permissions.ts";
import { container, OWNER, resource, stateOf } from "./fixtures.ts";

const lost: Drift = { kind: "volume-missing", urn: "u", name: "storytelling-postgres-data" };
const orphan: Drift = { kind: "container-orphaned", found: container() };

test("a lost volume stops a run that nobody can answer, with both ways out", async () => {
  await expect(permitDataLoss([lost], { acceptDataLoss: false })).rejects.toThrow(
    /data of storytelling-postgres-data is gone, and nothing was changed.*from a backup.*--accept-data-loss/,
  );
});

test("a lost volume does not stop a run that was told to accept it", async () => {
  await expect(permitDataLoss([lost], { acceptDataLoss: true })).resolves.toBeUndefined();
});

test("without a lost volume nobody is asked", async () => {
  await expect(permitDataLoss([orphan], { acceptDataLoss: false })).resolves.toBeUndefined();
});

test("containers of a state that never held anything belong to another checkout and stay", () => {
  expect(() => assertNotAnotherCheckout(stateOf([]), [orphan], OWNER)).toThrow(
    /already runs the stack "dev", made from another checkout or backend: storytelling-redis-broker/,
  );
});

test("a killed first run has left a pending operation, so its containers are its own", () => {
  const pending = { type: "creating", resource: resource("t", "n") } as const;
  expect(() => assertNotAnotherCheckout(stateOf([], [pending]), [orphan], OWNER)).not.toThrow();
});
