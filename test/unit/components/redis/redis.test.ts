import { beforeEach, describe, expect, test } from "vitest";
import { Network } from "../../../../components/network/network.ts";
import { renderRedisConfig } from "../../../../components/redis/redis.config.ts";
import { Redis } from "../../../../components/redis/redis.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";

describe("Redis", () => {
  let recorder: Recorder;
  let redis: Redis;
  beforeEach(async () => {
    recorder = await startMocks();
    redis = new Redis("broker", {
      containerName: "storytelling-redis-broker",
      alias: "redis-broker",
      image: "redis:8.0.2",
      network: new Network("shared", { networkName: "storytelling" }),
      limits: { cpus: 0.5, memory: "512 MB" },
      volumeName: "storytelling-redis-broker-data",
      databases: 32,
    });
  });

  test("creates a volume and a server below itself", async () => {
    expect(toTree(await recorder.settled())).toEqual([
      "storytelling:network:Network shared",
      "  docker:index/network:Network shared-bridge",
      "storytelling:redis:Redis broker",
      `  ${CONTAINER} broker-server`,
      `  ${VOLUME} broker-data`,
    ]);
  });

  test("runs the given image as redis, with its configuration file and nothing published", async () => {
    expect((await recorder.resource(CONTAINER, "broker-server")).inputs).toMatchObject({
      name: "storytelling-redis-broker",
      image: "redis:8.0.2",
      command: [
        "sh",
        "-c",
        'printf %s "$CONFIGURATION" > /usr/local/etc/redis/redis.conf && exec "$@"',
        "sh",
        "redis-server",
        "/usr/local/etc/redis/redis.conf",
      ],
      envs: [`CONFIGURATION=${renderRedisConfig({ databases: 32, memory: "512 MB" })}`],
      readOnly: true,
      tmpfs: { "/usr/local/etc/redis": "rw,noexec,nosuid,nodev,mode=1777,size=1m" },
      user: "redis",
      capabilities: { drops: ["ALL"], adds: [] },
      networksAdvanced: [{ name: "storytelling", aliases: ["redis-broker"] }],
      uploads: [],
      volumes: [{ volumeName: "storytelling-redis-broker-data", containerPath: "/data", readOnly: false }],
      ports: [],
      destroyGraceSeconds: 30,
    });
  });

  test("is asked every 10 s, and an error is no answer", async () => {
    expect((await recorder.resource(CONTAINER, "broker-server")).inputs["healthcheck"]).toEqual({
      tests: ["CMD", "redis-cli", "-e", "ping"],
      interval: "10s",
      timeout: "5s",
      retries: 5,
      startPeriod: "30s",
    });
  });

  test("keeps its data when it is destroyed", async () => {
    expect((await recorder.resource(VOLUME, "broker-data")).options).toMatchObject({
      protect: true,
      retainOnDelete: true,
      ignoreChanges: ["labels"],
    });
  });

  test("starts after the network and the volume", async () => {
    const server = await recorder.resource(CONTAINER, "broker-server");

    expect(new Set(server.options.dependencies)).toEqual(
      new Set([
        (await recorder.resource("docker:index/network:Network", "shared-bridge")).urn,
        (await recorder.resource(VOLUME, "broker-data")).urn,
      ]),
    );
  });

  test("is found by its alias and is ready once the server is", async () => {
    expect(redis).toMatchObject({ host: "redis-broker", port: 6379, databases: 32 });
    const ready = await Promise.all(redis.ready.map((resource) => valueOf(resource.urn)));
    expect(ready).toEqual([(await recorder.resource(CONTAINER, "broker-server")).urn]);
  });
});
