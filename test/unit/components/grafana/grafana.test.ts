import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { Grafana } from "../../../../components/grafana/grafana.ts";
import { Network } from "../../../../components/network/network.ts";
import { scrapeLabels } from "../../../../components/prometheus/scrape-labels.ts";
import { environmentOf, labelsOf } from "../../../support/labels.ts";
import { mockPassword, type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";
import { SECRET } from "../../../support/wire.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";
const PASSWORD = "random:index/randomPassword:RandomPassword";

describe("Grafana", () => {
  let recorder: Recorder;
  let grafana: Grafana;
  beforeEach(async () => {
    recorder = await startMocks();
    grafana = new Grafana("grafana", {
      containerName: "storytelling-grafana",
      volumeName: "storytelling-grafana-data",
      image: "grafana/grafana:13.2.0",
      network: new Network("shared", { networkName: "storytelling" }),
      published: { host: 3000, address: "127.0.0.1" },
      limits: { cpus: 0.5, memory: "512 MB" },
      metrics: { scrapeLabels },
      prometheus: { url: "http://prometheus:9090", ready: [] },
      loki: { url: "http://loki:3100", ready: [] },
      tempo: { url: "http://tempo:3200", ready: [] },
    });
  });

  test("creates a volume, a password and a server below itself", async () => {
    expect(new Set(toTree(await recorder.settled()))).toEqual(
      new Set([
        "storytelling:network:Network shared",
        "  docker:index/network:Network shared-bridge",
        "storytelling:grafana:Grafana grafana",
        `  ${VOLUME} grafana-data`,
        `  ${PASSWORD} grafana-admin-password`,
        `  ${CONTAINER} grafana-server`,
      ]),
    );
  });

  test("runs the given image, published on the given address only", async () => {
    expect((await recorder.resource(CONTAINER, "grafana-server")).inputs).toMatchObject({
      name: "storytelling-grafana",
      image: "grafana/grafana:13.2.0",
      networksAdvanced: [{ name: "storytelling", aliases: ["grafana"] }],
      ports: [{ internal: 3000, external: 3000, ip: "127.0.0.1", protocol: "tcp" }],
      volumes: [
        { volumeName: "storytelling-grafana-data", containerPath: "/var/lib/grafana", readOnly: false },
      ],
      capabilities: { drops: ["ALL"], adds: [] },
      memory: 512,
    });
  });

  test("gets its password as a file and nothing of it in plain text", async () => {
    const server = await recorder.resource(CONTAINER, "grafana-server");
    const password = mockPassword("grafana-admin-password", 24);

    expect(server.inputs["uploads"]).toContainEqual({
      file: "/run/secrets/grafana-admin-password",
      content: password,
      permissions: "0644",
    });
    expect(environmentOf(server)["GF_SECURITY_ADMIN_PASSWORD__FILE"]).toBe(
      "/run/secrets/grafana-admin-password",
    );
    expect(server.redacted["uploads"]).toContainEqual({
      file: "/run/secrets/grafana-admin-password",
      content: SECRET,
      permissions: "0644",
    });
    expect(JSON.stringify((await recorder.settled()).map(({ redacted }) => redacted))).not.toContain(
      password,
    );
  });

  test("tells its password as a secret", async () => {
    expect(await pulumi.isSecret(grafana.adminPassword)).toBe(true);
    expect(await valueOf(grafana.adminPassword)).toBe(mockPassword("grafana-admin-password", 24));
    expect(grafana.adminUser).toBe("admin");
  });

  test("has its datasources, its dashboards and where they are", async () => {
    const { inputs } = await recorder.resource(CONTAINER, "grafana-server");
    const files = inputs["uploads"] as unknown as readonly { file: string; content: string }[];

    expect(files.map(({ file }) => file)).toEqual([
      "/etc/grafana/provisioning/datasources/storytelling.yaml",
      "/etc/grafana/provisioning/dashboards/storytelling.yaml",
      "/etc/grafana/dashboards/platform.json",
      "/run/secrets/grafana-admin-password",
    ]);
    expect(files[0]?.content).toContain("url: http://loki:3100\n");
    expect(files[1]?.content).toContain("path: /etc/grafana/dashboards\n");
    expect(JSON.parse(files[2]?.content ?? "")).toMatchObject({ uid: "storytelling-platform" });
  });

  test("sends nothing to anybody and fetches nothing when it starts", async () => {
    expect(environmentOf(await recorder.resource(CONTAINER, "grafana-server"))).toMatchObject({
      GF_ANALYTICS_REPORTING_ENABLED: "false",
      GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
      GF_PLUGINS_PREINSTALL_DISABLED: "true",
    });
  });

  test("is healthy when its API says so", async () => {
    expect((await recorder.resource(CONTAINER, "grafana-server")).inputs["healthcheck"]).toMatchObject({
      tests: ["CMD", "wget", "--quiet", "-O", "/dev/null", "http://localhost:3000/api/health"],
    });
  });

  test("is collected from as service grafana", async () => {
    expect(labelsOf(await recorder.resource(CONTAINER, "grafana-server"))).toMatchObject({
      service: "grafana",
      ...scrapeLabels({ job: "grafana", port: 3000, path: "/metrics", network: "storytelling" }),
    });
  });

  test("keeps what people made and the password that belongs to it when it is destroyed", async () => {
    expect((await recorder.resource(VOLUME, "grafana-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
    });
    expect((await recorder.resource(PASSWORD, "grafana-admin-password")).options.protect).toBe(true);
  });

  test("is ready once its server is", async () => {
    const ready = await Promise.all(grafana.ready.map((resource) => valueOf(resource.urn)));

    expect(ready).toEqual([(await recorder.resource(CONTAINER, "grafana-server")).urn]);
    expect(grafana.url).toBe("http://grafana:3000");
  });

  test("answers below the path by which people reach it, and at its root unless there is one", async () => {
    new Grafana("below", {
      containerName: "below",
      volumeName: "below",
      image: "grafana/grafana:13.2.0",
      network: { name: "storytelling", ready: [] },
      published: { host: 3001, address: "127.0.0.1" },
      limits: { cpus: 0.5, memory: "512 MB" },
      metrics: { scrapeLabels },
      prometheus: { url: "http://prometheus:9090", ready: [] },
      loki: { url: "http://loki:3100", ready: [] },
      tempo: { url: "http://tempo:3200", ready: [] },
      publicPath: "/infrastructure/grafana",
    });

    expect(environmentOf(await recorder.resource(CONTAINER, "below-server"))).toMatchObject({
      GF_SERVER_ROOT_URL: "%(protocol)s://%(domain)s/infrastructure/grafana/",
      GF_SERVER_SERVE_FROM_SUB_PATH: "true",
    });
    expect(environmentOf(await recorder.resource(CONTAINER, "grafana-server"))).not.toHaveProperty(
      "GF_SERVER_ROOT_URL",
    );
  });
});
