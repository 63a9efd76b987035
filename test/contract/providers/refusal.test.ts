import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PropertyMap } from "../../../offline/providers/bridge/values.ts";
import { type BuiltPlugins, buildPlugins } from "./support/built-plugins.ts";
import { PluginProcess } from "./support/plugin-process.ts";
import { recordedState } from "./support/recorded.ts";

const UNREACHABLE = { DOCKER_HOST: "unix:///nowhere/docker.sock" };
let plugins: BuiltPlugins;
let docker: PluginProcess;
let postgresql: PluginProcess;
let random: PluginProcess;

beforeAll(async () => {
  plugins = await buildPlugins();
  docker = await PluginProcess.start(plugins.folder, "docker", UNREACHABLE);
  postgresql = await PluginProcess.start(plugins.folder, "postgresql");
  random = await PluginProcess.start(plugins.folder, "random");
});

afterAll(async () => {
  for (const plugin of [docker, postgresql, random]) await plugin.stop();
  await plugins.remove();
});

describe("a stand-in plugin refuses by name what it does not know", () => {
  it("an unknown property, and lists the ones it knows", async () => {
    const [failure] = await failuresOf(docker, "docker:index/volume:Volume", {
      name: "v",
      driverOptions: {},
    });
    expect(failure?.property).toBe("driverOptions");
    expect(failure?.reason).toContain(
      'does not know the property "driverOptions" of docker:index/volume:Volume',
    );
    expect(failure?.reason).toContain("it knows driver, driverOpts, labels, name");
    expect(failure?.reason).toContain('"pulumi plugin install resource docker"');
  });

  it("an unknown property inside a nested object", async () => {
    const failures = await failuresOf(docker, "docker:index/container:Container", {
      name: "c",
      image: "i",
      uploads: [{ file: "/x", source: "/etc/passwd" }],
    });
    expect(failures.map(({ property }) => property)).toEqual(["uploads[0].source"]);
  });

  it.each([
    ["docker", "docker:index/service:Service", "docker:index/container:Container"],
    ["postgresql", "postgresql:index/subscription:Subscription", "postgresql:index/role:Role"],
    ["random", "random:index/randomUuid:RandomUuid", "random:index/randomPassword:RandomPassword"],
  ])("an unknown resource type of %s", async (plugin, type, known) => {
    const [failure] = await failuresOf({ docker, postgresql, random }[plugin] ?? docker, type, {});
    expect(failure?.reason).toContain(`does not know the resource type "${type}"`);
    expect(failure?.reason).toContain(known);
  });

  it("an unknown configuration key", async () => {
    const { failures } = await postgresql.checkConfig({ host: "127.0.0.1", scheme: "awspostgres" });
    expect(failures).toEqual([
      { property: "scheme", reason: expect.stringContaining('configuration key "scheme"') as string },
    ]);
  });

  it("a value of the wrong type", async () => {
    const failures = await failuresOf(random, "random:index/randomId:RandomId", { byteLength: "8" });
    expect(failures).toEqual([
      { property: "byteLength", reason: "expected a value of type integer, got string" },
    ]);
  });

  it("a required property that is missing", async () => {
    const failures = await failuresOf(docker, "docker:index/container:Container", { name: "c" });
    expect(failures.map(({ reason }) => reason)).toEqual([
      "Missing required argument. The argument \"image\" is required, but no definition was found. Examine values at 'it.image'.",
    ]);
  });
});

describe("a preview", () => {
  it("needs no Docker daemon: what only the daemon knows stays unknown", async () => {
    await docker.configure({});
    const urn = urnOf("docker:index/container:Container");
    const { inputs } = await docker.check(urn, {}, { name: "c", image: "redis:8.0" });
    const outputs = await docker.previewCreate(urn, inputs);
    expect(outputs["name"]).toBe("c");
    expect(outputs["hostname"]).toBe("04da6b54-80e4-46f7-96ec-b56ff0331ba9");
  });

  it("needs no database", async () => {
    await postgresql.configure({ host: "192.0.2.1", port: "1", password: "x" });
    const urn = urnOf("postgresql:index/role:Role");
    const { inputs } = await postgresql.check(urn, {}, { name: "r", password: "p" });
    const outputs = await postgresql.previewCreate(urn, inputs);
    expect(outputs["connectionLimit"]).toBe(-1);
  });

  it("plans a replacement where a value that forces one is not known yet", async () => {
    const { urn, id, inputs, outputs } = recordedState("container");
    const image = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    const diff = await docker.diff(urn, id, outputs, { ...inputs, image });
    expect(diff).toMatchObject({ replaces: ["image"], deleteBeforeReplace: true });
  });
});

describe("a name that the program leaves out", () => {
  it("is made from the logical name, and kept afterwards", async () => {
    const urn = urnOf("docker:index/network:Network");
    const first = await docker.check(urn, {}, {});
    expect(first.inputs["name"]).toBe("it-abcdef1");
    const second = await docker.check(urn, { name: "it-0000000" }, {});
    expect(second.inputs["name"]).toBe("it-0000000");
  });
});

function urnOf(type: string): string {
  return `urn:pulumi:dev::test::${type}::it`;
}

async function failuresOf(plugin: PluginProcess, type: string, inputs: PropertyMap) {
  return (await plugin.check(urnOf(type), {}, inputs)).failures;
}
