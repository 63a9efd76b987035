import { beforeEach, describe, expect, test } from "vitest";
import { renderDockerApiConfig } from "../../../../components/docker-api/docker-api.config.ts";
import { DockerApi } from "../../../../components/docker-api/docker-api.ts";
import { Network } from "../../../../components/network/network.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";

describe("DockerApi", () => {
  let recorder: Recorder;
  beforeEach(async () => {
    recorder = await startMocks();
  });

  function createDockerApi(socketPath?: string): DockerApi {
    return new DockerApi("docker-api", {
      containerName: "storytelling-docker-api",
      image: "haproxy:3.0.11",
      network: new Network("ops", { networkName: "storytelling-ops", internal: true }),
      limits: { cpus: 0.25, memory: "64 MB" },
      ...(socketPath === undefined ? {} : { socketPath }),
    });
  }

  test("is one container on the internal network alone, with nothing published", async () => {
    createDockerApi();

    expect(toTree(await recorder.settled())).toEqual([
      "storytelling:docker-api:DockerApi docker-api",
      `  ${CONTAINER} docker-api-proxy`,
      "storytelling:network:Network ops",
      "  docker:index/network:Network ops-bridge",
    ]);
    expect((await recorder.resource(CONTAINER, "docker-api-proxy")).inputs).toMatchObject({
      name: "storytelling-docker-api",
      image: "haproxy:3.0.11",
      networksAdvanced: [{ name: "storytelling-ops", aliases: ["docker-api"] }],
      ports: [],
    });
  });

  test("gets the socket for reading, as its owner and without a capability", async () => {
    createDockerApi();

    expect((await recorder.resource(CONTAINER, "docker-api-proxy")).inputs).toMatchObject({
      user: "0:0",
      readOnly: true,
      tmpfs: { "/usr/local/etc/haproxy": "rw,noexec,nosuid,nodev,mode=1777,size=1m" },
      capabilities: { drops: ["ALL"], adds: [] },
      securityOpts: ["no-new-privileges:true"],
      volumes: [{ hostPath: "/var/run/docker.sock", containerPath: "/var/run/docker.sock", readOnly: true }],
      envs: [`CONFIGURATION=${renderDockerApiConfig()}`],
      uploads: [],
    });
  });

  test("takes the socket from where the host has it", async () => {
    createDockerApi("/run/user/1000/docker.sock");

    expect((await recorder.resource(CONTAINER, "docker-api-proxy")).inputs["volumes"]).toEqual([
      { hostPath: "/run/user/1000/docker.sock", containerPath: "/var/run/docker.sock", readOnly: true },
    ]);
  });

  test("is healthy when the engine answers through it", async () => {
    createDockerApi();

    expect((await recorder.resource(CONTAINER, "docker-api-proxy")).inputs["healthcheck"]).toMatchObject({
      tests: ["CMD", "bash", "-c", expect.stringContaining("/dev/tcp/127.0.0.1/2375")],
      interval: "2s",
    });
  });

  test("tells clients where it is, and is ready once the container is", async () => {
    const api = createDockerApi();

    expect(api.url).toBe("tcp://docker-api:2375");
    const ready = await Promise.all(api.ready.map((resource) => valueOf(resource.urn)));
    expect(ready).toEqual([(await recorder.resource(CONTAINER, "docker-api-proxy")).urn]);
  });

  test("starts after its network", async () => {
    createDockerApi();

    expect((await recorder.resource(CONTAINER, "docker-api-proxy")).options.dependencies).toEqual([
      (await recorder.resource("docker:index/network:Network", "ops-bridge")).urn,
    ]);
  });
});
