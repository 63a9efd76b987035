import { secret } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Prometheus } from "../../components/prometheus/prometheus.ts";
import { imageOf } from "../support/images.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";
import { GatewayScene } from "./support/gateway-scene.ts";
import { until } from "./support/until.ts";

const PASSWORD = "open-sesame";
const HASH = "$2b$05$Wq4mX1kzJ0b7Jv5n3tYh8ekYQD4MAhRWj1KQ7MN5.r0mXrGtbKLD.";

describe("the pages of administrators behind a real gateway", () => {
  const sandbox = new Sandbox();
  let gateway: RunningContainer;
  let prometheus: RunningContainer;

  beforeAll(async () => {
    const scene = await GatewayScene.open(sandbox);
    // Its name comes before the others', as in the platform.
    const observabilityNetwork = await sandbox.createNetwork("a-observability");
    const declared = new Prometheus("prometheus", {
      containerName: `${sandbox.prefix}-prometheus`,
      volumeName: sandbox.volumeName("prometheus"),
      image: await imageOf("prometheus"),
      network: scene.network,
      observabilityNetwork,
      opsNetwork: scene.opsNetwork,
      dockerApi: scene.dockerApi,
      published: { host: 0, address: "127.0.0.1" },
      limits: { cpus: 0.5, memory: "256 MB" },
      retention: { time: "1h", size: "100 MB" },
      publicPath: "/infrastructure/prometheus",
    });
    prometheus = await sandbox.start(await scene.declared("prometheus-server"));
    const started = await scene.startGateway("traefik", {
      users: { operators: secret(`alice:${HASH}\n`) },
      admin: {
        network: observabilityNetwork,
        users: "operators",
        pages: [
          { name: "prometheus", url: declared.url, keepsPrefix: false },
          // Stands for Grafana, whose image is in no package registry: it shows what Grafana would be asked.
          { name: "grafana", url: "http://echo:8000", keepsPrefix: true },
        ],
      },
      // Every client of this host is one.
      trustedProxies: ["172.16.0.0/12", "192.168.0.0/16", "10.0.0.0/8"],
    });
    gateway = started.gateway;
    await scene.startEcho(started.traefik, "echo");
    await until("the service is reached", async () => (await get("/api/v1/echo/x")).status === 200);
  });
  afterAll(() => sandbox.close());

  function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`http://127.0.0.1:${gateway.hostPort(80)}${path}`, { headers, redirect: "manual" });
  }

  function getAs(user: string, password: string, path: string): Promise<Response> {
    return get(path, { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}` });
  }

  const asAdmin = (path: string): Promise<Response> => getAs("alice", PASSWORD, path);

  test.each([
    "/infrastructure/",
    "/infrastructure/traefik/api/rawdata",
    "/infrastructure/prometheus/api/v1/query?query=up",
    "/infrastructure/grafana/",
    "/infrastructure/anything",
  ])("%s is 401 without a password, and with a wrong one", async (path) => {
    expect((await get(path)).status).toBe(401);
    expect((await getAs("alice", "guessed", path)).status).toBe(401);
    expect((await getAs("bob", PASSWORD, path)).status).toBe(401);
  });

  test("Traefik's API answers an administrator, and shows no hash of a password", async () => {
    const response = await asAdmin("/infrastructure/traefik/api/rawdata");
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(text).toContain("infrastructure-prometheus@file");
    expect(text).not.toContain(HASH);
  });

  test("Prometheus answers below its prefix, links there, and still answers at its own port", async () => {
    const query = await asAdmin("/infrastructure/prometheus/api/v1/query?query=up");

    expect(await query.json()).toMatchObject({ status: "success" });
    expect((await asAdmin("/infrastructure/prometheus/")).headers.get("location")).toBe(
      "/infrastructure/prometheus/query",
    );
    expect((await fetch(`http://127.0.0.1:${prometheus.hostPort(9090)}/api/v1/query?query=up`)).status).toBe(
      200,
    );
  });

  test("Grafana is asked for the whole path, and never sees an administrator's password", async () => {
    expect(await (await asAdmin("/infrastructure/grafana/d/platform")).json()).toMatchObject({
      path: "/infrastructure/grafana/d/platform",
      authorization: "",
    });
  });

  test("what is no page is 404 for an administrator, and a path that only begins alike is nobody's", async () => {
    expect((await asAdmin("/infrastructure/anything")).status).toBe(404);
    expect((await get("/infrastructure2/traefik/api/version")).status).toBe(404);
  });

  test("a trusted proxy is believed about its client (004-040)", async () => {
    const response = await get("/api/v1/echo/x", {
      "X-Forwarded-For": "203.0.113.9",
      "X-Forwarded-Proto": "https",
    });

    expect(await response.json()).toMatchObject({
      for: expect.stringMatching(/^203\.0\.113\.9, /),
      proto: "https",
    });
  });

  test("the limit is one for each client behind a trusted proxy, who cannot take another's by a longer chain", async () => {
    const burst = async (forwarded: (index: number) => string) => {
      const responses = await Promise.all(
        Array.from({ length: 130 }, (_, index) =>
          get("/api/v1/echo/x", { "X-Forwarded-For": forwarded(index) }),
        ),
      );
      return responses.filter(({ status }) => status === 429).length;
    };

    expect(await burst((index) => `198.51.100.${index}, 203.0.113.1`)).toBeGreaterThan(10);
    expect(await burst((index) => `203.0.113.${index + 2}`)).toBe(0);
  });

  test("guessing a password is limited", async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 130; index += 1)
      statuses.push((await getAs("alice", `guess-${index}`, "/infrastructure/")).status);

    expect(statuses).toContain(429);
  });
});
