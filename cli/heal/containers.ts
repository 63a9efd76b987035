import type { ContainerFacts, Inventory } from "../docker/inventory.ts";
import { isOwnedBy, type Owner } from "../docker/ownership.ts";
import { resourcesOfType, type StackState, type StateResource, TYPES } from "../pulumi/state.ts";
import type { ContainerLimits, Drift, Membership } from "./drift.ts";

const MEBIBYTE = 1024 * 1024;

/** The inputs of a container that can drift, as the state stores them. */
interface ContainerInputs {
  readonly name: string;
  readonly memory?: number;
  readonly memorySwap?: number;
  readonly memoryReservation?: number;
  readonly cpus?: string;
  readonly restart?: string;
  readonly mustRun?: boolean;
  readonly networksAdvanced?: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
}

/** Containers that are gone, stopped, re-limited, cut off from a network or replaced behind Pulumi's back. */
export function findContainerDrift(state: StackState, inventory: Inventory): Drift[] {
  return resourcesOfType(state, TYPES.container).flatMap((resource) => compareContainer(resource, inventory));
}

/** Containers that carry this stack's labels and that the state does not know: a killed run left them. */
export function findOrphanedContainers(state: StackState, inventory: Inventory, owner: Owner): Drift[] {
  return inventory.containers
    .filter(({ id, labels }) => !state.knownIds.has(id) && isOwnedBy(owner, labels))
    .map((found) => ({ kind: "container-orphaned", found }));
}

function compareContainer(resource: StateResource, inventory: Inventory): Drift[] {
  const inputs = resource.inputs as unknown as ContainerInputs;
  const found = inventory.containers.find(({ id }) => id === resource.id);
  if (found === undefined) return [goneContainer(resource, inputs.name, inventory)];
  const ended = inputs.mustRun === false ? compareOneShot(resource, found) : compareService(resource, found);
  return [...ended, ...compareLimits(inputs, found), ...compareNetworks(inputs, found, inventory)];
}

function compareService({ urn }: StateResource, found: ContainerFacts): Drift[] {
  return isUp(found) ? [] : [{ kind: "container-stopped", urn, found }];
}

/** One that did its work has ended; one that failed at it has to try again, which Pulumi does not see. */
function compareOneShot({ urn }: StateResource, found: ContainerFacts): Drift[] {
  return isUp(found) || found.exitCode === 0 ? [] : [{ kind: "one-shot-failed", urn, found }];
}

function goneContainer({ urn }: StateResource, name: string, { containers }: Inventory): Drift {
  const found = containers.find((container) => container.name === name);
  return found === undefined
    ? { kind: "container-missing", urn, name }
    : { kind: "container-replaced", urn, found };
}

/** A container that restarts all the time is no drift: its program fails, and the run shows why. */
function isUp({ status }: ContainerFacts): boolean {
  return status === "running" || status === "restarting";
}

function compareLimits(inputs: ContainerInputs, found: ContainerFacts): Drift[] {
  const limits = expectedLimits(inputs);
  const changes = (Object.keys(limits) as (keyof ContainerLimits)[])
    .filter((key) => limits[key] !== found[key])
    .map((key) => `${key} ${describe(key, found[key])} instead of ${describe(key, limits[key])}`);
  return changes.length === 0 ? [] : [{ kind: "container-relimited", found, changes, limits }];
}

function expectedLimits(inputs: ContainerInputs): ContainerLimits {
  const memory = (inputs.memory ?? 0) * MEBIBYTE;
  return {
    memory,
    memorySwap: inputs.memorySwap === undefined ? memory * 2 : inputs.memorySwap * MEBIBYTE,
    memoryReservation: (inputs.memoryReservation ?? 0) * MEBIBYTE,
    nanoCpus: Math.round(Number(inputs.cpus ?? 0) * 1e9),
    restartPolicy: inputs.restart ?? "no",
  };
}

function describe(key: keyof ContainerLimits, value: string | number): string {
  if (typeof value === "string") return value;
  return key === "nanoCpus" ? `${value / 1e9}` : `${Math.round(value / MEBIBYTE)} MB`;
}

function compareNetworks(inputs: ContainerInputs, found: ContainerFacts, { networks }: Inventory): Drift[] {
  const existing = new Set(networks.map(({ name }) => name));
  return (inputs.networksAdvanced ?? [])
    .map(({ name, aliases }): Membership => ({ network: name, aliases: aliases ?? [] }))
    .filter(({ network }) => existing.has(network))
    .filter(({ network, aliases }) => {
      const present = found.networks[network];
      return present === undefined || aliases.some((alias) => !present.includes(alias));
    })
    .map((membership) => ({ kind: "container-detached", found, membership }));
}
