import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { commandProbe, httpProbe, noProbe, STAGE_TIMING } from "../../../../components/core/health.ts";
import {
  ManagedContainer,
  type ManagedContainerArgs,
} from "../../../../components/core/managed-container.ts";
import { NOT_HARDENED } from "../../../support/hardening.ts";
import { labelsOf } from "../../../support/labels.ts";
import { type RegisteredResource, startMocks } from "../../../support/mocks.ts";
import { SECRET } from "../../../support/wire.ts";

const TYPE = "docker:index/container:Container";

const MINIMAL: ManagedContainerArgs = {
  containerName: "storytelling-redis-broker",
  image: "redis:8.0.2",
  networks: [{ name: "storytelling", aliases: ["redis-broker"] }],
  health: commandProbe(["redis-cli", "ping"]),
  limits: { cpus: 1, memory: "512 MB" },
  ...NOT_HARDENED,
};

/** What the provider gets for these arguments, each time from a program of its own. */
async function registered(
  args: Partial<ManagedContainerArgs> = {},
  opts: pulumi.CustomResourceOptions = {},
): Promise<RegisteredResource> {
  const recorder = await startMocks();
  new ManagedContainer("broker-server", { ...MINIMAL, ...args }, opts);
  return recorder.resource(TYPE, "broker-server");
}

async function inputs(args: Partial<ManagedContainerArgs> = {}) {
  return (await registered(args)).inputs;
}

async function spec(args: Partial<ManagedContainerArgs> = {}): Promise<string | undefined> {
  return labelsOf(await registered(args))["storytelling.spec"];
}

describe("ManagedContainer", () => {
  test("with the least it needs sends exactly these inputs", async () => {
    const container = await registered();

    expect(container.inputs).toEqual({
      name: "storytelling-redis-broker",
      image: "redis:8.0.2",
      envs: [],
      labels: [
        { label: "storytelling.project", value: "storytelling" },
        { label: "storytelling.resource", value: "broker-server" },
        { label: "storytelling.spec", value: expect.stringMatching(/^[0-9a-f]{12}$/) },
        { label: "storytelling.stack", value: "test" },
      ],
      networksAdvanced: [{ name: "storytelling", aliases: ["redis-broker"] }],
      ports: [],
      volumes: [],
      uploads: [],
      healthcheck: {
        tests: ["CMD", "redis-cli", "ping"],
        interval: "10s",
        timeout: "5s",
        retries: 5,
        startPeriod: "30s",
      },
      wait: true,
      // 30 s to start and 5 probes of 10 s + 5 s.
      waitTimeout: 105,
      cpus: "1.0",
      memory: 512,
      memorySwap: 512,
      init: true,
      restart: "unless-stopped",
      destroyGraceSeconds: 10,
      stopTimeout: 10,
      capabilities: { drops: ["ALL"], adds: [] },
      readOnly: false,
      securityOpts: ["no-new-privileges:true"],
      logDriver: "json-file",
      logOpts: { "max-size": "10m", "max-file": "3", labels: "stage,service", tag: "{{.Name}}" },
    });
  });

  test("with everything it takes sends exactly these inputs", async () => {
    const container = await inputs({
      command: ["--bind", "0.0.0.0"],
      entrypoint: ["redis-server"],
      environment: { B: "2", A: "1" },
      labels: { stage: "1", service: "orchestrator" },
      files: [
        { path: "/etc/redis.conf", content: "appendonly yes" },
        { path: "/run.sh", content: "#!/bin/sh", mode: "0755" },
      ],
      mounts: [
        { volume: "storytelling-redis-data", path: "/data" },
        { hostPath: "/var/lib/docker/containers", path: "/logs", readOnly: true },
        { volume: "plugins", path: "/plugins", readOnly: true },
      ],
      ports: [{ host: 16379, container: 6379, address: "127.0.0.1" }],
      networks: [{ name: "storytelling" }, { name: "storytelling-ops", aliases: ["a", "b"] }],
      user: { name: "999:999" },
      hostname: "broker",
      workingDirectory: "/data",
      capabilities: [
        { name: "CAP_CHOWN", reason: "a test" },
        { name: "CAP_SETUID", reason: "a test" },
      ],
      limits: { cpus: 0.5, memory: "2 GB", memoryReservation: "1 GB" },
      sharedMemory: "256 MB",
      stopGraceSeconds: 60,
      readyTimeoutSeconds: 300,
    });

    expect(container).toMatchObject({
      command: ["--bind", "0.0.0.0"],
      entrypoints: ["redis-server"],
      envs: ["A=1", "B=2"],
      uploads: [
        { file: "/etc/redis.conf", content: "appendonly yes", permissions: "0644" },
        { file: "/run.sh", content: "#!/bin/sh", permissions: "0755" },
      ],
      volumes: [
        { volumeName: "storytelling-redis-data", containerPath: "/data", readOnly: false },
        { hostPath: "/var/lib/docker/containers", containerPath: "/logs", readOnly: true },
        { volumeName: "plugins", containerPath: "/plugins", readOnly: true },
      ],
      ports: [{ internal: 6379, external: 16379, ip: "127.0.0.1", protocol: "tcp" }],
      networksAdvanced: [
        { name: "storytelling", aliases: [] },
        { name: "storytelling-ops", aliases: ["a", "b"] },
      ],
      user: "999:999",
      hostname: "broker",
      workingDir: "/data",
      capabilities: { drops: ["ALL"], adds: ["CAP_CHOWN", "CAP_SETUID"] },
      cpus: "0.5",
      memory: 2048,
      memorySwap: 2048,
      memoryReservation: 1024,
      shmSize: 256,
      destroyGraceSeconds: 60,
      stopTimeout: 60,
      waitTimeout: 300,
    });
  });

  test("replaces by delete and create, because two containers of one name cannot exist", async () => {
    expect((await registered()).options.deleteBeforeReplace).toBe(true);
    expect((await registered({}, { deleteBeforeReplace: false })).options.deleteBeforeReplace).toBe(false);
  });

  test("cannot be mistaken for another's container: its own labels win over those given", async () => {
    const container = await registered({ labels: { "storytelling.stack": "prod", stage: "1" } });

    expect(labelsOf(container)).toMatchObject({ "storytelling.stack": "test", stage: "1" });
  });

  test("keeps a secret variable out of everything that may be read", async () => {
    const container = await registered({ environment: { A: "1", PASSWORD: pulumi.secret("hush") } });

    expect(container.inputs["envs"]).toEqual(["A=1", "PASSWORD=hush"]);
    expect(container.redacted["envs"]).toEqual(["A=1", SECRET]);
    expect(JSON.stringify(container.redacted)).not.toContain("hush");
  });

  test("keeps the content of a secret file out of everything that may be read", async () => {
    const container = await registered({
      files: [{ path: "/run/secret", content: pulumi.secret("hush"), mode: "0600" }],
    });

    expect(container.inputs["uploads"]).toMatchObject([{ content: "hush", permissions: "0600" }]);
    expect(JSON.stringify(container.redacted)).not.toContain("hush");
  });
});

describe("a difference that never ends is avoided", () => {
  test.each([
    [1, "1.0"],
    [4, "4.0"],
    [0.25, "0.25"],
  ])("%d CPUs are spelled %s, as the provider reads them back", async (cpus, expected) => {
    expect((await inputs({ limits: { cpus, memory: "1 GB" } }))["cpus"]).toBe(expected);
  });

  test("health timings are spelled as Go prints them", async () => {
    const timing = { ...STAGE_TIMING, interval: "60s", startPeriod: "120s", timeout: "1500ms" } as const;

    expect((await inputs({ health: httpProbe(8000, "/health", timing) }))["healthcheck"]).toMatchObject({
      interval: "1m0s",
      startPeriod: "2m0s",
      timeout: "1.5s",
    });
  });

  test("the swap limit equals the memory limit, which Docker would double", async () => {
    const { memory, memorySwap } = await inputs({ limits: { cpus: 1, memory: "8 GB" } });

    expect([memory, memorySwap]).toEqual([8192, 8192]);
  });

  test("kept capabilities carry the prefix that Docker stores", async () => {
    const { capabilities } = await inputs({
      capabilities: [{ name: "CAP_NET_BIND_SERVICE", reason: "a test" }],
    });

    expect(capabilities).toEqual({ drops: ["ALL"], adds: ["CAP_NET_BIND_SERVICE"] });
  });
});

describe("a change that the provider would not see is made visible", () => {
  test.each(["envs", "labels", "networksAdvanced", "ports", "volumes", "uploads"])(
    "%s is an explicit list, never left out",
    async (property) => {
      expect((await inputs())[property]).toBeInstanceOf(Array);
    },
  );

  test.each<[string, Partial<ManagedContainerArgs>]>([
    ["another health command", { health: commandProbe(["redis-cli", "-e", "ping"]) }],
    ["another health interval", { health: commandProbe(["redis-cli", "ping"], STAGE_TIMING) }],
    ["no health check any more", { health: noProbe("the image has no shell") }],
    ["a command", { command: ["redis-server"] }],
    ["an entry point", { entrypoint: ["redis-server"] }],
    ["a host name", { hostname: "broker" }],
    ["a user", { user: { name: "999" } }],
    ["a folder in memory", { rootFilesystem: { readOnly: true, scratch: { "/tmp": "1 MB" } } }],
    ["a working directory", { workingDirectory: "/data" }],
    ["shared memory", { sharedMemory: "256 MB" }],
    ["a variable", { environment: { A: "1" } }],
  ])("%s changes the label storytelling.spec, which replaces the container", async (_what, change) => {
    expect(await spec(change)).not.toBe(await spec());
  });

  test("each of these changes is another one", async () => {
    const changes: Partial<ManagedContainerArgs>[] = [
      { command: ["x"] },
      { entrypoint: ["x"] },
      { hostname: "x" },
      { user: { name: "x" } },
      { workingDirectory: "x" },
      { environment: { x: "x" } },
      { environment: { y: "x" } },
    ];
    const specs: (string | undefined)[] = [];
    for (const change of changes) specs.push(await spec(change));

    expect(new Set(specs).size).toBe(changes.length);
  });

  test("the label does not tell the value of a variable, secret or not, nor depend on it", async () => {
    const one = await spec({ environment: { PASSWORD: pulumi.secret("one") } });

    expect(await spec({ environment: { PASSWORD: pulumi.secret("two") } })).toBe(one);
    expect(await spec({ environment: { PASSWORD: "plain" } })).toBe(one);
  });

  test("what the provider does compare leaves the label alone, so that a limit changes in place", async () => {
    expect(await spec({ limits: { cpus: 1, memory: "4 GB" }, stopGraceSeconds: 60 })).toBe(await spec());
  });
});

describe("a container that cannot be asked for its health", () => {
  test("has no health check and nobody waits for one, which would fail", async () => {
    const container = await inputs({ health: noProbe("the image has no shell") });

    expect(container).not.toHaveProperty("healthcheck");
    expect(container["wait"]).toBe(false);
  });
});

describe("a container that is told to stop", () => {
  let container: RegisteredResource["inputs"];
  beforeEach(async () => {
    container = await inputs({ stopGraceSeconds: 90 });
  });

  test("has the same time when Pulumi replaces it and when Docker stops it; unset it would be killed", () => {
    expect([container["destroyGraceSeconds"], container["stopTimeout"]]).toEqual([90, 90]);
  });

  test("passes the signal on to its process", () => {
    expect(container["init"]).toBe(true);
  });
});
