import { secret } from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import type { ScrapeTarget } from "../../../../components/core/handles.ts";
import { DockerApi } from "../../../../components/docker-api/docker-api.ts";
import { Network } from "../../../../components/network/network.ts";
import { routeLabels } from "../../../../components/traefik/labels/route-labels.ts";
import { Traefik, type TraefikArgs } from "../../../../components/traefik/traefik.ts";
import { type Recorder, type RegisteredResource, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";

describe("Traefik", () => {
  let recorder: Recorder;
  let traefik: Traefik;
  let gateway: RegisteredResource;
  const targets: ScrapeTarget[] = [];

  beforeEach(async () => {
    targets.length = 0;
    recorder = await startMocks();
    const opsNetwork = new Network("ops", { networkName: "storytelling-ops", internal: true });
    traefik = new Traefik("traefik", {
      containerName: "storytelling-traefik",
      image: "traefik:v3.6.12",
      network: new Network("shared", { networkName: "storytelling" }),
      opsNetwork,
      dockerApi: new DockerApi("docker-api", {
        containerName: "storytelling-docker-api",
        image: "haproxy:3.0.11",
        network: opsNetwork,
        limits: { cpus: 0.25, memory: "64 MB" },
      }),
      published: { host: 80, address: "127.0.0.1" },
      limits: { cpus: 1, memory: "256 MB" },
      metrics: {
        scrapeLabels: (target) => {
          targets.push(target);
          return { scraped: "yes" };
        },
      },
    });
    gateway = await recorder.resource(CONTAINER, "traefik-gateway");
  });

  test("is one container below itself", async () => {
    expect(toTree(await recorder.settled())).toContain(`  ${CONTAINER} traefik-gateway`);
    expect(gateway.options.parent).toBe(
      (await recorder.resource("storytelling:traefik:Traefik", "traefik")).urn,
    );
  });

  test("is on both networks and published on the given address alone", () => {
    expect(gateway.inputs).toMatchObject({
      name: "storytelling-traefik",
      image: "traefik:v3.6.12",
      networksAdvanced: [
        { name: "storytelling", aliases: ["traefik"] },
        { name: "storytelling-ops", aliases: ["traefik-internal"] },
      ],
      ports: [{ internal: 80, external: 80, ip: "127.0.0.1", protocol: "tcp" }],
    });
  });

  test("is not root, never sees the socket and keeps no capability", () => {
    expect(gateway.inputs).toMatchObject({
      user: "65534:65534",
      volumes: [],
      capabilities: { drops: ["ALL"], adds: [] },
    });
  });

  test("carries its configuration and the sources of its plugins", () => {
    const uploads = gateway.inputs["uploads"] as readonly { file: string; content: string }[];

    expect(uploads.map(({ file }) => file)).toEqual([
      "/etc/traefik/traefik.yml",
      "/etc/traefik/dynamic/dynamic.yml",
      "/plugins-local/src/storytelling.local/requestid/.traefik.yml",
      "/plugins-local/src/storytelling.local/requestid/go.mod",
      "/plugins-local/src/storytelling.local/requestid/requestid.go",
      "/plugins-local/src/storytelling.local/clientbody/.traefik.yml",
      "/plugins-local/src/storytelling.local/clientbody/go.mod",
      "/plugins-local/src/storytelling.local/clientbody/clientbody.go",
    ]);
    expect(uploads[0]?.content).not.toContain("tracing");
  });

  test("is healthy when its own probe says so, and gives running requests time", () => {
    expect(gateway.inputs).toMatchObject({
      healthcheck: { tests: ["CMD", "traefik", "healthcheck"] },
      destroyGraceSeconds: 15,
    });
  });

  test("has its metrics collected where no stage is", () => {
    expect(targets).toEqual([{ job: "traefik", port: 8082, path: "/metrics", network: "storytelling-ops" }]);
    expect(gateway.inputs["labels"]).toEqual(expect.arrayContaining([{ label: "scraped", value: "yes" }]));
  });

  test("starts after the networks and the Docker API", async () => {
    const expected = [
      await recorder.resource("docker:index/network:Network", "ops-bridge"),
      await recorder.resource("docker:index/network:Network", "shared-bridge"),
      await recorder.resource(CONTAINER, "docker-api-proxy"),
    ];

    expect(new Set(gateway.options.dependencies)).toEqual(new Set(expected.map(({ urn }) => urn)));
  });

  test("labels routes and is ready once the container is", async () => {
    const route = {
      name: "stage2-nlp",
      prefix: "/api/v1/nlp",
      match: "letters",
      strip: { name: "strip-stage2", prefix: "/api/v1/nlp" },
      priority: 100,
      rateLimit: "rate-limit",
      port: 8000,
      health: { path: "/health", interval: "10s", timeout: "5s" },
    } as const;

    expect(traefik.routeLabels(route)).toEqual(routeLabels(route, "storytelling"));
    expect(await Promise.all(traefik.ready.map((resource) => valueOf(resource.urn)))).toEqual([gateway.urn]);
  });

  test("publishes the port of TLS, and keeps the key of a certificate secret", async () => {
    const declared = await secondGateway({
      tls: {
        published: { host: 443, address: "127.0.0.1" },
        certificate: { kind: "file", certificate: "the certificate", key: secret("the key") },
      },
    });

    expect(declared.inputs["ports"]).toEqual([
      { internal: 80, external: 80, ip: "127.0.0.1", protocol: "tcp" },
      { internal: 443, external: 443, ip: "127.0.0.1", protocol: "tcp" },
    ]);
    expect(contentOf(declared.inputs, "/run/secrets/gateway-tls-key")).toBe("the key");
    expect(JSON.stringify(declared.redacted)).not.toContain("the key");
  });

  test("keeps certificates of an ACME server in a protected volume, and the provider's variables secret", async () => {
    const declared = await secondGateway({
      tls: {
        published: { host: 443, address: "127.0.0.1" },
        certificate: {
          kind: "acme",
          email: "operator@example.com",
          directory: "https://acme.example.com/directory",
          domains: ["pipeline.example.com"],
          challenge: { type: "dns-01", provider: "cloudflare" },
          authority: "the authority",
          environment: { CF_DNS_API_TOKEN: secret("the token") },
          volumeName: "storytelling-traefik-certificates",
        },
      },
    });
    const volume = await recorder.resource("docker:index/volume:Volume", "second-certificates");

    expect(volume.options).toMatchObject({ protect: true, retainOnDelete: true });
    expect(declared.inputs).toMatchObject({
      envs: ["CF_DNS_API_TOKEN=the token"],
      volumes: [{ volumeName: "storytelling-traefik-certificates", containerPath: "/acme" }],
    });
    expect(contentOf(declared.inputs, "/etc/traefik/tls/acme-authority.pem")).toBe("the authority");
    expect(JSON.stringify(declared.redacted)).not.toContain("the token");
    expect(declared.options.dependencies).toContain(volume.urn);
  });

  test("keeps a list of users in a secret file", async () => {
    const declared = await secondGateway({ users: { operators: secret("alice:hash") } });

    expect(contentOf(declared.inputs, "/etc/traefik/users/operators")).toBe("alice:hash");
    expect(JSON.stringify(declared.redacted)).not.toContain("alice:hash");
  });

  async function secondGateway(args: Partial<TraefikArgs>): Promise<RegisteredResource> {
    const network = { name: "storytelling", ready: [] };
    new Traefik("second", {
      containerName: "second",
      image: "traefik:v3.6.12",
      network,
      opsNetwork: network,
      dockerApi: { url: "tcp://docker-api:2375", ready: [] },
      published: { host: 80, address: "127.0.0.1" },
      limits: { cpus: 1, memory: "256 MB" },
      metrics: { scrapeLabels: () => ({}) },
      ...args,
    });
    return recorder.resource(CONTAINER, "second-gateway");
  }
});

function contentOf(inputs: RegisteredResource["inputs"], path: string): string | undefined {
  const uploads = inputs["uploads"] as readonly { file: string; content: string }[];
  return uploads.find(({ file }) => file === path)?.content;
}
