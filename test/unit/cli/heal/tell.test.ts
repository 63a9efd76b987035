import { expect, test } from "vitest";
import type { Drift } from "../../../../cli/heal/drift.ts";
import { describeDrift } from "../../../../cli/heal/tell.ts";
import { container } from "./fixtures.ts";

const limits = { memory: 1, memorySwap: 1, memoryReservation: 0, nanoCpus: 1, restartPolicy: "no" };
const cases: readonly (readonly [Drift, string])[] = [
  [
    { kind: "container-stopped", urn: "u", found: container({ status: "exited", exitCode: 137 }) },
    "container storytelling-redis-broker is stopped (exit code 137): it is started",
  ],
  [
    { kind: "container-stopped", urn: "u", found: container({ status: "paused" }) },
    "container storytelling-redis-broker is paused: it is started",
  ],
  [
    { kind: "container-relimited", found: container(), changes: ["memory 1 MB instead of 2 MB"], limits },
    "container storytelling-redis-broker was changed (memory 1 MB instead of 2 MB): it is set back",
  ],
  [
    {
      kind: "network-missing",
      urn: "u",
      name: "storytelling",
      members: [{ urn: "m", name: "redis", id: "c" }],
    },
    "network storytelling was removed: it is created again, and with it redis",
  ],
  [
    { kind: "database-missing", urn: "u", name: "stage1_cleaning", contents: [] },
    "database stage1_cleaning was dropped and its data is gone: it is created again, empty",
  ],
  [
    { kind: "role-altered", urn: "u", name: "stage1_user", changes: ["login false instead of true"] },
    "role stage1_user was altered (login false instead of true): it is set back",
  ],
];

test.each(cases)("%j is told in one line with what is done about it", (drift, line) => {
  expect(describeDrift(drift)).toBe(line);
});
