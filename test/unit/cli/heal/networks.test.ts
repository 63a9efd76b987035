import { expect, test } from "vitest";
import type { Drift } from "../../../../cli/heal/drift.ts";
import {
  findNetworkDrift,
  findOrphanedNetworks,
  withoutDoomedContainers,
} from "../../../../cli/heal/networks.ts";
import { findVolumeDrift } from "../../../../cli/heal/volumes.ts";
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

const network = resource(TYPES.network, "network", { id: "n1", inputs: { name: "storytelling" } });
const redis = resource(TYPES.container, "redis-broker-server", { id: "c1", inputs: CONTAINER_INPUTS });
const other = resource(TYPES.container, "other", {
  id: "c2",
  inputs: { ...CONTAINER_INPUTS, networksAdvanced: [] },
});
const volume = resource(TYPES.volume, "data", {
  id: "d",
  inputs: { name: "storytelling-redis-broker-data" },
});
const state = stateOf([network, redis, other, volume]);

const lost: Drift = {
  kind: "network-missing",
  urn: network.urn,
  name: "storytelling",
  members: [{ urn: redis.urn, name: "storytelling-redis-broker", id: "c1" }],
};

test("networks and volumes that are there are no drift", () => {
  expect(findNetworkDrift(state, inventoryOf())).toEqual([]);
  expect(findVolumeDrift(state, inventoryOf())).toEqual([]);
});

test("a removed network is found with the containers that were in it", () => {
  expect(findNetworkDrift(state, inventoryOf({ networks: [] }))).toEqual([lost]);
});

test("a network of the same name and another id is not the one that was lost", () => {
  const networks = [{ id: "n2", name: "storytelling", labels: {} }];
  expect(findNetworkDrift(state, inventoryOf({ networks }))).toEqual([lost]);
});

test("whatever is wrong with a container that goes with its network is not told", () => {
  const stopped: Drift = { kind: "container-stopped", urn: redis.urn, found: container() };
  const missing: Drift = { kind: "container-missing", urn: redis.urn, name: "storytelling-redis-broker" };
  const elsewhere: Drift = { kind: "container-missing", urn: other.urn, name: "other" };
  expect(withoutDoomedContainers([stopped, missing, elsewhere, lost])).toEqual([elsewhere, lost]);
});

test("only a network with this stack's labels can be its orphan", () => {
  const orphan = { id: "n9", name: "storytelling-ops", labels: OWN_LABELS };
  const networks = [orphan, { id: "n8", name: "storytelling-ops", labels: {} }];
  expect(findOrphanedNetworks(state, inventoryOf({ networks }), OWNER)).toEqual([
    { kind: "network-orphaned", found: orphan },
  ]);
});

test("a removed volume is found", () => {
  expect(findVolumeDrift(state, inventoryOf({ volumes: new Set() }))).toEqual([
    { kind: "volume-missing", urn: volume.urn, name: "storytelling-redis-broker-data" },
  ]);
});
