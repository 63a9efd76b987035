import { beforeEach, describe, expect, test } from "vitest";
import { DockerApi } from "../../../../components/docker-api/docker-api.ts";
import { Network } from "../../../../components/network/network.ts";
import { PlatformHealth } from "../../../../components/platform-health/platform-health.ts";
import { type Recorder, type RegisteredResource, startMocks } from "../../../support/mocks.ts";

const CONTAINER = "docker:index/container:Container";

describe("PlatformHealth", () => {
  let recorder: Recorder;
  let health: PlatformHealth;
  let reporter: RegisteredResource;

  beforeEach(async () => {
    recorder = await startMocks();
    const opsNetwork = new Network("ops", { networkName: "storytelling-ops", internal: true });
    health = new PlatformHealth("platform-health", {
      containerName: "storytelling-platform-health",
      baseImage: "debian:trixie-slim",
      network: new Network("shared", { networkName: "storytelling" }),
      opsNetwork,
      dockerApi: new DockerApi("docker-api", {
        containerName: "storytelling-docker-api",
        image: "haproxy:3.0.11",
        network: opsNetwork,
        limits: { cpus: 0.25, memory: "64 MB" },
      }),
      services: { gateway: "storytelling-traefik" },
      limits: { cpus: 0.25, memory: "64 MB" },
    });
    reporter = await recorder.resource(CONTAINER, "platform-health-reporter");
  });

  test("is on both networks, publishes nothing and keeps no capability", () => {
    expect(reporter.inputs).toMatchObject({
      name: "storytelling-platform-health",
      networksAdvanced: [
        { name: "storytelling", aliases: ["platform-health"] },
        { name: "storytelling-ops", aliases: [] },
      ],
      ports: [],
      volumes: [],
      capabilities: { drops: ["ALL"], adds: [] },
    });
    expect(health.url).toBe("http://platform-health:8000");
  });

  test("is told the network and the containers of the platform, and no stage", () => {
    expect(reporter.inputs["envs"]).toEqual([
      "DOCKER_API_URL=tcp://docker-api:2375",
      "NETWORK=storytelling",
      'SERVICES={"gateway":"storytelling-traefik"}',
    ]);
  });

  test("runs the image of its folder, and is well when it answers, whatever it answers", () => {
    expect(reporter.inputs["image"]).toMatch(/^storytelling\/platform-health:[0-9a-f]{12}$/);
    expect(JSON.stringify(reporter.inputs["healthcheck"])).toContain("http://localhost:8000/alive");
  });

  test("starts after its image, the networks and the Docker API", async () => {
    const expected = await Promise.all([
      recorder.resource("docker:index/remoteImage:RemoteImage", "platform-health-image"),
      recorder.resource("docker:index/network:Network", "ops-bridge"),
      recorder.resource("docker:index/network:Network", "shared-bridge"),
      recorder.resource(CONTAINER, "docker-api-proxy"),
    ]);

    expect(new Set(reporter.options.dependencies)).toEqual(new Set(expected.map(({ urn }) => urn)));
  });
});
