import { describe, expect, test } from "vitest";
import { findContainerDrift, findOrphanedContainers } from "../../../../cli/heal/containers.ts";
import { TYPES } from "../../../../cli/pulumi/state.ts";
import {
  CONTAINER_INPUTS,
  container,
  inventoryOf,
  OWN_LABELS,
  OWNER,
  resource,
  stateOf,
} from "./fixtures.ts";

const redis = resource(TYPES.container, "redis-broker-server", { id: "c1", inputs: CONTAINER_INPUTS });
const state = stateOf([redis]);

function driftOf(facts: Parameters<typeof container>[0]) {
  return findContainerDrift(state, inventoryOf({ containers: [container(facts)] }));
}

test("a container that is as the state says is no drift", () => {
  expect(findContainerDrift(state, inventoryOf())).toEqual([]);
});

test("a removed container is found", () => {
  expect(findContainerDrift(state, inventoryOf({ containers: [] }))).toEqual([
    { kind: "container-missing", urn: redis.urn, name: "storytelling-redis-broker" },
  ]);
});

test.each(["exited", "created", "paused", "dead"])("a container that is %s is found", (status) => {
  expect(driftOf({ status })).toEqual([
    { kind: "container-stopped", urn: redis.urn, found: container({ status }) },
  ]);
});

describe("a container that runs to its end", () => {
  const job = resource(TYPES.container, "migration", {
    id: "c1",
    inputs: { ...CONTAINER_INPUTS, mustRun: false },
  });
  const jobDrift = (exitCode: number) =>
    findContainerDrift(
      stateOf([job]),
      inventoryOf({ containers: [container({ status: "exited", exitCode })] }),
    );

  test("is no drift once it ended with 0", () => {
    expect(jobDrift(0)).toEqual([]);
  });

  test("has to run again when it failed", () => {
    expect(jobDrift(3)).toMatchObject([{ kind: "one-shot-failed", urn: job.urn }]);
  });
});

test("a container that restarts all the time is no drift: its program fails", () => {
  expect(driftOf({ status: "restarting" })).toEqual([]);
});

test("a container of the same name and another id was replaced by hand", () => {
  const found = container({ id: "c2", labels: {} });
  expect(findContainerDrift(state, inventoryOf({ containers: [found] }))).toEqual([
    { kind: "container-replaced", urn: redis.urn, found },
  ]);
});

test.each([
  ["memory", { memory: 256 * 1024 * 1024 }, "memory 256 MB instead of 512 MB"],
  ["swap", { memorySwap: -1 * 1024 * 1024 }, "memorySwap -1 MB instead of 512 MB"],
  ["reservation", { memoryReservation: 64 * 1024 * 1024 }, "memoryReservation 64 MB instead of 0 MB"],
  ["CPUs", { nanoCpus: 25e7 }, "nanoCpus 0.25 instead of 1"],
  ["restart policy", { restartPolicy: "no" }, "restartPolicy no instead of unless-stopped"],
])("a changed %s is found, with what it was and what it should be", (_, facts, change) => {
  expect(driftOf(facts)).toMatchObject([{ kind: "container-relimited", changes: [change] }]);
});

test("the limits to set are those of the state, in Docker's units", () => {
  expect(driftOf({ nanoCpus: 5e8, memory: 1 })).toMatchObject([
    {
      limits: {
        memory: 512 * 1024 * 1024,
        memorySwap: 512 * 1024 * 1024,
        memoryReservation: 0,
        nanoCpus: 1e9,
        restartPolicy: "unless-stopped",
      },
    },
  ]);
});

test.each([
  ["is not in its network", {}],
  ["lost its alias there", { storytelling: ["c1"] }],
])("a container that %s is found", (_, networks) => {
  expect(driftOf({ networks })).toEqual([
    {
      kind: "container-detached",
      found: container({ networks }),
      membership: { network: "storytelling", aliases: ["redis-broker"] },
    },
  ]);
});

test("a container cannot join a network that is gone itself", () => {
  expect(
    findContainerDrift(state, inventoryOf({ containers: [container({ networks: {} })], networks: [] })),
  ).toEqual([]);
});

test("a container with this stack's labels that the state does not know is an orphan", () => {
  const orphan = container({ id: "c9" });
  expect(findOrphanedContainers(state, inventoryOf({ containers: [container(), orphan] }), OWNER)).toEqual([
    { kind: "container-orphaned", found: orphan },
  ]);
});

test.each([
  ["without labels", {}],
  ["of another stack", { ...OWN_LABELS, "storytelling.stack": "prod" }],
  ["of another project", { ...OWN_LABELS, "storytelling.project": "other" }],
  [
    "with the labels of a project and no resource",
    { "storytelling.project": "storytelling", "storytelling.stack": "dev" },
  ],
])("a container %s is nobody's orphan", (_, labels) => {
  expect(
    findOrphanedContainers(state, inventoryOf({ containers: [container({ id: "c9", labels })] }), OWNER),
  ).toEqual([]);
});
