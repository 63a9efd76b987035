import Docker from "dockerode";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../offline/providers/bridge/values.ts";
import { type BuiltPlugins, buildPlugins } from "./support/built-plugins.ts";
import { assertSucceeded, Deployment, type StoredResource } from "./support/deployment.ts";
import { differences } from "./support/differences.ts";
import { nameOf, recordedInspection, recordedStates } from "./support/recorded.ts";
import { RecordedWorld } from "./support/recorded-world.ts";
import { VOLATILE_INSPECTION, VOLATILE_STATE } from "./support/volatile.ts";

const PULUMI_TIMEOUT = 300_000;
const docker = new Docker();
let plugins: BuiltPlugins;
let world: RecordedWorld;
let deployment: Deployment;

beforeAll(async () => {
  plugins = await buildPlugins();
  world = await RecordedWorld.prepare();
  deployment = await Deployment.create(world.prefix, plugins);
  await deployment.writeContext("ctx", { Dockerfile: `FROM scratch\nCOPY Dockerfile /\n` });
  await deployment.setInputs(world.inputs());
  assertSucceeded(await deployment.up());
}, PULUMI_TIMEOUT);

afterAll(async () => {
  await deployment?.destroy();
  await deployment?.remove();
  await world?.remove();
  await plugins?.remove();
}, PULUMI_TIMEOUT);

describe("a real deployment with the stand-in plugins", { timeout: PULUMI_TIMEOUT }, () => {
  it("stores the recorded inputs and outputs of every resource", async () => {
    const stored = await deployment.resources();
    const found = recordedStates.flatMap(({ urn, type, id, inputs, outputs }) => {
      const name = nameOf(urn);
      const here = world.toRecorded(onlyComparable(stored.get(name)));
      const recorded = { type, id, inputs, outputs: withoutBridgeNote(outputs) };
      return differences(recorded, here, VOLATILE_STATE[name] ?? []).map((line) => `${name}.${line}`);
    });
    expect(found).toEqual([]);
  });

  it("makes the container that was recorded", async () => {
    const info = await inspectContainer("container");
    const here = world.toRecorded(info as unknown as PropertyMap);
    expect(differences(recordedInspection, here, VOLATILE_INSPECTION)).toEqual([]);
    expect(info.Config.Env).toEqual(expect.arrayContaining(["A=1", "B=2"]));
    expect(info.Config.Labels).toMatchObject({ stage: "1", service: "x" });
  });

  it("plans nothing when nothing changed, and a refresh finds nothing", async () => {
    expect(await deployment.preview()).toEqual([]);
    const before = await comparableResources();
    expect((await deployment.refresh()).output).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    expect(await comparableResources()).toEqual(before);
  });

  it("takes CONNECT away from everybody and lets the role in with its password", async () => {
    const [row] = await ask("SELECT has_database_privilege('public', $1, 'CONNECT') AS connects", [
      name("db"),
    ]);
    expect(row).toEqual({ connects: false });
    const [user] = await ask("SELECT current_user AS me", [], { user: name("user"), password: "secret1" });
    expect(user).toEqual({ me: name("user") });
  });
});

describe("life behind Pulumi's back", { timeout: PULUMI_TIMEOUT }, () => {
  it("container removed by hand: unseen by up, dropped by refresh, then created again", async () => {
    await docker.getContainer(name("-c")).remove({ force: true });
    expect(await deployment.preview()).toEqual([]);
    await deployment.refresh();
    expect((await deployment.resources()).has("container")).toBe(false);
    expect((await deployment.preview()).map(({ resource, op }) => ({ resource, op }))).toEqual([
      { resource: "container", op: "create" },
    ]);
    expect((await deployment.up()).succeeded).toBe(true);
    expect((await inspectContainer("container")).State.Running).toBe(true);
  });

  it("container killed: unseen by up, refresh finds mustRun, then started again", async () => {
    await docker.getContainer(name("-c")).kill();
    expect(await deployment.preview()).toEqual([]);
    expect(await driftOf("container")).toEqual(["mustRun: true -> false"]);
    expect(await deployment.preview()).toEqual([
      { resource: "container", op: "update", reasons: ["mustRun"] },
    ]);
    const { id } = storedAs("container", await deployment.resources());
    expect((await deployment.up()).succeeded).toBe(true);
    const info = await inspectContainer("container");
    expect({ id: info.Id, isRunning: info.State.Running }).toEqual({ id, isRunning: true });
    expect(await driftOf("container")).toEqual([]);
    expect(await deployment.preview()).toEqual([]);
  });

  it("memory changed by docker update: unseen by up, refresh finds it, then put back in place", async () => {
    await docker.getContainer(name("-c")).update({ Memory: 192 * 2 ** 20, MemorySwap: 192 * 2 ** 20 });
    expect(await deployment.preview()).toEqual([]);
    expect(await driftOf("container")).toEqual(["memory: 128 -> 192", "memorySwap: 128 -> 192"]);
    const { id } = storedAs("container", await deployment.resources());
    expect((await deployment.up()).succeeded).toBe(true);
    const info = await inspectContainer("container");
    expect({ id: info.Id, memory: info.HostConfig.Memory }).toEqual({ id, memory: 128 * 2 ** 20 });
  });

  it("role altered by hand: refresh finds its connection limit, then put back in place", async () => {
    await ask(`ALTER ROLE "${name("user")}" CONNECTION LIMIT 7`);
    expect(await deployment.preview()).toEqual([]);
    expect(await driftOf("role")).toEqual(["connectionLimit: 20 -> 7"]);
    expect((await deployment.up()).succeeded).toBe(true);
    const [row] = await ask("SELECT rolconnlimit AS limit FROM pg_roles WHERE rolname = $1", [name("user")]);
    expect(row).toEqual({ limit: 20 });
  });

  it("database dropped by hand: refresh drops it and the four resources in it, then all come back", async () => {
    const gone = ["database", "defaultPrivileges", "extension", "grant", "schema"];
    await ask(`DROP DATABASE "${name("db")}" WITH (FORCE)`);
    const before = await deployment.resources();
    await deployment.refresh();
    const after = await deployment.resources();
    expect([...before.keys()].filter((key) => !after.has(key)).sort()).toEqual(gone);
    expect((await deployment.up()).succeeded).toBe(true);
    expect(await deployment.preview()).toEqual([]);
  });
});

describe("what the official plugin does not do", { timeout: PULUMI_TIMEOUT }, () => {
  it("reports an updated health check and leaves the container's as it was", async () => {
    const inputs = world.inputs();
    const healthcheck = { tests: ["CMD", "true"], interval: "2s" };
    await deployment.setInputs({ ...inputs, container: { ...inputs.container, healthcheck } });
    const run = await deployment.up();
    expect(run.output).toContain("1 updated");
    expect((await inspectContainer("container")).Config.Healthcheck?.Interval).toBe(1e9);
    expect(await deployment.preview()).toEqual([]);
    await deployment.setInputs(inputs);
    await deployment.up();
  });

  it("says only that an unhealthy container is not healthy, keeps it, and replaces it on the next up", async () => {
    const inputs = world.inputs();
    const extra = world.toHere({
      name: "t7-extra",
      image: "local/redis:8.0",
      wait: true,
      waitTimeout: 2,
      healthcheck: { tests: ["CMD", "false"], interval: "1s" },
    });
    await deployment.setInputs({ ...inputs, extra });
    const first = await deployment.up();
    expect(first.succeeded).toBe(false);
    expect(first.output).toContain("container failed to be in healthy state");
    const stored = storedAs("extra", await deployment.resources());
    expect(stored.initErrors).toEqual(["container failed to be in healthy state"]);
    expect((await docker.getContainer(stored.id).inspect()).State.Running).toBe(true);
    const second = await deployment.up();
    expect(second.succeeded).toBe(false);
    expect(storedAs("extra", await deployment.resources()).id).not.toBe(stored.id);
    await deployment.setInputs(inputs);
    expect((await deployment.up()).output).toContain("1 deleted");
  });

  it("fails on a container name that is taken and stores nothing", async () => {
    const inputs = world.inputs();
    const extra = world.toHere({ name: "t7-c", image: "local/redis:8.0" });
    await deployment.setInputs({ ...inputs, extra });
    const run = await deployment.up();
    expect(run.succeeded).toBe(false);
    expect(run.output).toContain(`The container name "/${name("-c")}" is already in use`);
    expect((await deployment.resources()).has("extra")).toBe(false);
    await deployment.setInputs(inputs);
  });
});

describe("destroy", { timeout: PULUMI_TIMEOUT }, () => {
  it("leaves nothing but the image that is kept", async () => {
    assertSucceeded(await deployment.destroy());
    expect([...(await deployment.resources()).keys()]).toEqual([]);
    const containers = await docker.listContainers({ all: true });
    const networks = await docker.listNetworks();
    const { Volumes: volumes } = await docker.listVolumes();
    const left = [
      ...containers.flatMap(({ Names }) => Names),
      ...networks.map(({ Name }) => Name),
      ...volumes.map(({ Name }) => Name),
    ].filter((entry) => entry.includes(world.prefix));
    expect(left).toEqual([]);
  });
});

/** What is called `t7…` in the recording: `-c`, `user`, `db`. */
function name(suffix: string): string {
  return world.toHere(suffix.startsWith("-") ? `t7${suffix}` : `t7_${suffix}`);
}

function storedAs(logicalName: string, stored: ReadonlyMap<string, StoredResource>): StoredResource {
  const found = stored.get(logicalName);
  if (!found) throw new Error(`"${logicalName}" is not in the state`);
  return found;
}

async function inspectContainer(logicalName: string) {
  const { id } = storedAs(logicalName, await deployment.resources());
  return docker.getContainer(id).inspect();
}

/** The inputs that a refresh corrected. */
async function driftOf(logicalName: string): Promise<readonly string[]> {
  const before = storedAs(logicalName, await deployment.resources());
  assertSucceeded(await deployment.refresh());
  const after = storedAs(logicalName, await deployment.resources());
  return differences(before.inputs, after.inputs, []);
}

function onlyComparable(stored: StoredResource | undefined): PropertyMap {
  if (!stored) return {};
  const { type, id, inputs, outputs } = stored;
  return { type, id, inputs, outputs };
}

async function comparableResources(): Promise<readonly PropertyMap[]> {
  return [...(await deployment.resources()).values()].map(onlyComparable);
}

/** `__pulumi_raw_state_delta` is the official bridge's private note; the stand-ins have no such bridge. */
function withoutBridgeNote({ __pulumi_raw_state_delta: _note, ...outputs }: PropertyMap): PropertyMap {
  return outputs;
}

async function ask(
  sql: string,
  values: readonly unknown[] = [],
  as: { readonly user: string; readonly password: string } = { user: "admin", password: "pw" },
): Promise<readonly unknown[]> {
  const database = as.user === "admin" ? "postgres" : name("db");
  const client = new pg.Client({ host: "127.0.0.1", port: world.postgresPort, database, ...as });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
