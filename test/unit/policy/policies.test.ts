import { Secret } from "@pulumi/policy";
import { describe, expect, test } from "vitest";
import { NO_HEALTH_CHECK_LABEL, RUNS_TO_END_LABEL } from "../../../components/core/owner-labels.ts";
import { violations } from "../../support/policies.ts";

const SOUND = {
  name: "cleaning-orchestrator",
  image: "storytelling/cleaning:1.0",
  cpus: "0.5",
  memory: 256,
  memorySwap: 256,
  healthcheck: { tests: ["CMD", "true"] },
  capabilities: { drops: ["ALL"], adds: [] },
  securityOpts: ["no-new-privileges:true"],
  envs: ["POSTGRES_HOST=postgres", new Secret("POSTGRES_PASSWORD=hidden")],
  labels: [{ label: "stage", value: "1" }],
  ports: [],
  volumes: [],
} as const;

/** What the rules say of a container that is sound but for these inputs. */
function judge(changes: Readonly<Record<string, unknown>> = {}): Promise<string[]> {
  const props = { ...SOUND, ...changes };
  return violations({ type: "docker:index/container:Container", name: "probe", props });
}

test("a container of the platform's kind breaks no rule", async () => {
  expect(await judge()).toEqual([]);
});

describe("published-ports", () => {
  const ports = [{ internal: 80, external: 8080, ip: "0.0.0.0" }];

  test.each([
    ["the gateway, on every address", { name: "storytelling-traefik", ports }],
    [
      "Prometheus, on the loopback address",
      { name: "storytelling-prometheus", ports: [{ ...ports[0], ip: "127.0.0.1" }] },
    ],
  ])("pass %s", async (_, changes) => {
    expect(await judge(changes)).toEqual([]);
  });

  test.each([
    [
      "a stage",
      { ports: [{ ...ports[0], ip: "127.0.0.1" }] },
      "127.0.0.1:8080 -> 80; clients reach it through",
    ],
    ["Grafana on every address", { name: "storytelling-grafana", ports }, "it may listen on 127.0.0.1 only"],
    [
      "Grafana on the provider's default address",
      { name: "storytelling-grafana", ports: [{ internal: 3000 }] },
      "0.0.0.0:any -> 3000",
    ],
  ])("refuse %s", async (_, changes, problem) => {
    expect(await judge(changes)).toEqual([expect.stringMatching(/^published-ports: /)]);
    expect(await judge(changes)).toEqual([expect.stringContaining(problem)]);
  });
});

describe("pinned-images", () => {
  test.each(["redis:8.0", "registry:5000/team/redis:8.0", `redis@sha256:${"a".repeat(64)}`])(
    "pass %s",
    async (image) => {
      expect(await judge({ image })).toEqual([]);
    },
  );

  test.each(["redis", "redis:latest", "registry:5000/redis"])("refuse %s", async (image) => {
    expect(await judge({ image })).toEqual([
      `pinned-images: cleaning-orchestrator runs ${image}; name a version or a digest, so that every host runs the same image`,
    ]);
  });
});

test.each([
  ["no CPU limit", { cpus: undefined }, "has no CPU limit"],
  ["no memory limit", { memory: undefined, memorySwap: undefined }, "has no memory limit"],
  ["swap without a limit", { memorySwap: -1 }, "may swap beyond its memory"],
])("resource-limits refuse %s", async (_, changes, problem) => {
  expect(await judge(changes)).toEqual([
    expect.stringContaining(`resource-limits: cleaning-orchestrator ${problem}`),
  ]);
});

describe("health-checks", () => {
  test.each([
    ["one that runs to its end", [{ label: RUNS_TO_END_LABEL, value: "true" }]],
    ["one with a written reason", [{ label: NO_HEALTH_CHECK_LABEL, value: "the image has no shell" }]],
  ])("pass %s", async (_, labels) => {
    expect(await judge({ healthcheck: undefined, labels })).toEqual([]);
  });

  test.each([
    ["none", undefined, []],
    ["one that is switched off", { tests: ["NONE"] }, []],
    ["an empty reason", undefined, [{ label: NO_HEALTH_CHECK_LABEL, value: " " }]],
  ])("refuse %s", async (_, healthcheck, labels) => {
    expect(await judge({ healthcheck, labels })).toEqual([
      expect.stringMatching(/^health-checks: .* has no health check/),
    ]);
  });
});

describe("privileges", () => {
  const socket = { volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/docker.sock" }] };

  test("pass the Docker API's proxy, which alone holds the socket", async () => {
    expect(await judge({ ...socket, name: "storytelling-docker-api" })).toEqual([]);
  });

  test.each([
    ["a privileged container", { privileged: true }, "is privileged"],
    ["the host's network", { networkMode: "host" }, 'has networkMode "host"'],
    ["the host's processes", { pidMode: "host" }, 'has pidMode "host"'],
    ["the host's shared memory", { ipcMode: "host" }, 'has ipcMode "host"'],
    ["the host's users", { usernsMode: "host" }, 'has usernsMode "host"'],
    ["the socket as a volume", socket, "mounts the Docker socket"],
    [
      "the socket as a mount",
      { mounts: [{ type: "bind", source: "/run/docker.sock", target: "/s" }] },
      "mounts the Docker socket",
    ],
    ["default capabilities", { capabilities: { adds: [] } }, "keeps Docker's default capabilities"],
    ["new privileges", { securityOpts: ["no-new-privileges:false"] }, "may gain privileges"],
  ])("refuse %s", async (_, changes, problem) => {
    expect(await judge(changes)).toEqual([
      expect.stringContaining(`privileges: cleaning-orchestrator ${problem}`),
    ]);
  });
});

describe("encrypted-secrets", () => {
  test.each([
    ["variables that are secret", { envs: new Secret(["API_TOKEN=abc"]) }],
    ["a variable without a value", { envs: ["API_TOKEN"] }],
    ["a file's path and an empty value", { envs: ["POSTGRES_PASSWORD_FILE=/run/secrets/p", "API_TOKEN="] }],
    ["a URL without a password", { envs: ["REDIS_URL=redis://redis-broker:6379/0"] }],
    ["a plain argument", { command: ["serve", "--port=80", "--token-file=/t"] }],
  ])("pass %s", async (_, changes) => {
    expect(await judge(changes)).toEqual([]);
  });

  test.each([
    ["a variable", { envs: ["API_TOKEN=abc"] }, "has API_TOKEN in plain text"],
    ["a URL", { envs: ["DATABASE_URL=postgresql://me:pw@postgres/db"] }, "has DATABASE_URL in plain text"],
    [
      "a label",
      { labels: [{ label: "app.api-key", value: "abc" }] },
      "has a secret in the label app.api-key",
    ],
    ["an argument", { command: ["serve", "--password=abc"] }, "has a secret in its argument password"],
    [
      "an argument that is a URL",
      { entrypoints: ["psql", "postgresql://me:pw@postgres/db"] },
      "has a secret in its argument",
    ],
  ])("refuse a secret in %s", async (_, changes, problem) => {
    expect(await judge(changes)).toEqual([
      expect.stringContaining(`encrypted-secrets: cleaning-orchestrator ${problem}`),
    ]);
  });
});

test.each([
  [true, []],
  [false, ["protected-volumes: volume data is not protected; set protect, its data must outlive a mistake"]],
])("protected-volumes: a volume with protect %s", async (protect, expected) => {
  const volume = { type: "docker:index/volume:Volume", name: "data", props: { name: "data" }, protect };
  expect(await violations(volume)).toEqual(expected);
});
