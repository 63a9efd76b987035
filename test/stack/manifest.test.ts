import { beforeAll, describe, expect, test } from "vitest";
import { labelsOf } from "../support/labels.ts";
import type { RegisteredResource } from "../support/mocks.ts";
import { duplicateUrnsOf, orphansOf, toTree } from "../support/tree.ts";
import { hostName, ofType, type ProgramRun, runProgram } from "./program.ts";

const CONTAINER = "docker:index/container:Container";
const NETWORK = "docker:index/network:Network";
const VOLUME = "docker:index/volume:Volume";

let dev: ProgramRun;
beforeAll(async () => {
  dev = await runProgram();
});

describe("the whole program with the configuration of the stack dev", () => {
  test("asks for exactly the reviewed resources: types, names and parents", async () => {
    await expect(`${toTree(dev.resources).join("\n")}\n`).toMatchFileSnapshot("../golden/dev-resources.txt");
  });

  test("leaves no resource without a component that owns it", () => {
    expect(orphansOf(dev.resources)).toEqual([]);
  });

  test("gives no two resources the same URN", () => {
    expect(duplicateUrnsOf(dev.resources)).toEqual([]);
  });

  test("names every resource on the host after itself once", () => {
    for (const type of [CONTAINER, NETWORK, VOLUME]) {
      const names = ofType(dev, type).map(hostName);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  test("marks everything on the host as its own, so that the CLI removes nobody else's", () => {
    for (const type of [CONTAINER, NETWORK, VOLUME]) {
      for (const resource of ofType(dev, type)) {
        expect(labelsOf(resource)).toMatchObject({
          "storytelling.project": "storytelling",
          "storytelling.stack": "dev",
          "storytelling.resource": resource.name,
        });
      }
    }
  });

  test("writes nothing undefined into anything", () => {
    for (const { urn, inputs } of dev.resources) {
      expect([urn, JSON.stringify(inputs)]).toEqual([
        urn,
        expect.not.stringMatching(/undefined|\bNaN\b|\[object |Calling \[toString\]|Calling \[toJSON\]/),
      ]);
    }
  });
});

describe("what the host gives away", () => {
  test("are four ports, all of them on this machine only (C-01)", () => {
    expect(publishedPorts(dev)).toEqual([
      "storytelling-grafana 127.0.0.1:3000",
      "storytelling-postgres 127.0.0.1:5432",
      "storytelling-prometheus 127.0.0.1:9090",
      "storytelling-traefik 127.0.0.1:80",
    ]);
  });

  test("follows the configuration, and to other machines it is the gateway alone", async () => {
    const run = await runProgram({
      config: {
        bindAddress: "0.0.0.0",
        hostPorts: { gateway: 8080, gatewayTls: 8443, grafana: 3001, prometheus: 9091, postgres: 5433 },
        gateway: { tls: { mode: "acme", email: "a@example.com", domains: ["pipeline.example.com"] } },
      },
    });

    expect(publishedPorts(run)).toEqual([
      "storytelling-grafana 127.0.0.1:3001",
      "storytelling-postgres 127.0.0.1:5433",
      "storytelling-prometheus 127.0.0.1:9091",
      "storytelling-traefik 0.0.0.0:8080",
      "storytelling-traefik 0.0.0.0:8443",
    ]);
  });

  test("are two folders and the Docker socket, all for reading only, and the socket for the proxy alone", () => {
    const hostPaths = ofType(dev, CONTAINER).flatMap((container) =>
      mountsOf(container)
        .filter(({ hostPath }) => hostPath !== undefined)
        .map(({ hostPath, readOnly }) => ({ container: hostName(container), hostPath, readOnly })),
    );

    expect(hostPaths).toEqual([
      { container: "storytelling-docker-api", hostPath: "/var/run/docker.sock", readOnly: true },
      { container: "storytelling-telemetry", hostPath: "/var/lib/docker/containers", readOnly: true },
      { container: "storytelling-telemetry", hostPath: "/proc", readOnly: true },
    ]);
  });
});

describe("the networks", () => {
  test("are storytelling for everybody (000-015), an internal one, and one for what is observed", () => {
    const networks = ofType(dev, NETWORK).map(({ inputs }) => [inputs["name"], inputs["internal"]]);

    expect(Object.fromEntries(networks)).toEqual({
      storytelling: false,
      "storytelling-ops": true,
      "observability-storytelling": false,
    });
  });

  test("lead Prometheus' published port to where it listens: that network comes first by name", () => {
    const [prometheus] = ofType(dev, CONTAINER).filter(
      (each) => hostName(each) === "storytelling-prometheus",
    );
    const names = networksOf(prometheus?.inputs["networksAdvanced"]);

    expect(names.toSorted()[0]).toBe("observability-storytelling");
  });

  test("keep the stages away from what keeps and shows metrics and logs", () => {
    const observing = ofType(dev, CONTAINER)
      .filter(({ inputs }) => networksOf(inputs["networksAdvanced"]).includes("observability-storytelling"))
      .map(hostName);

    expect(observing).toEqual([
      "storytelling-grafana",
      "storytelling-loki",
      "storytelling-prometheus",
      "storytelling-telemetry",
      "storytelling-tempo",
    ]);
  });

  test("keep the Docker API away from every stage", () => {
    const onOps = ofType(dev, CONTAINER)
      .filter(({ inputs }) => networksOf(inputs["networksAdvanced"]).includes("storytelling-ops"))
      .map(hostName);

    expect(onOps).toEqual([
      "storytelling-docker-api",
      "storytelling-event-streams",
      "storytelling-platform-health",
      "storytelling-prometheus",
      "storytelling-telemetry",
      "storytelling-traefik",
    ]);
  });

  test("know the stores by the names that the stages are given", () => {
    const aliases = ofType(dev, CONTAINER).flatMap(({ inputs }) =>
      (inputs["networksAdvanced"] as { name: string; aliases: string[] }[])
        .filter(({ name }) => name === "storytelling")
        .flatMap((network) => network.aliases),
    );

    expect(aliases).toEqual(expect.arrayContaining(["postgres", "redis-broker", "redis-cache", "tempo"]));
    expect(new Set(aliases).size).toBe(aliases.length);
  });
});

describe("every container", () => {
  test("has a limit on CPUs and memory, fits a host of two CPUs, and starts again by itself", () => {
    for (const { inputs } of ofType(dev, CONTAINER)) {
      expect(Number(inputs["cpus"])).toBeGreaterThan(0);
      expect(Number(inputs["cpus"])).toBeLessThanOrEqual(2);
      expect(inputs["memory"]).toBeGreaterThan(0);
      expect(inputs["memorySwap"]).toBe(inputs["memory"]);
      expect(inputs["restart"]).toBe("unless-stopped");
    }
  });

  test("runs an image with a version, none of them latest", () => {
    for (const { inputs } of ofType(dev, CONTAINER)) {
      expect(inputs["image"]).toMatch(/:[A-Za-z0-9_][\w.-]*$/);
      expect(inputs["image"]).not.toMatch(/:latest$/);
    }
  });

  test("tells the collector which stage and service its log lines are from", () => {
    for (const resource of ofType(dev, CONTAINER)) {
      expect(labelsOf(resource)).toHaveProperty("service");
      expect(resource.inputs["logOpts"]).toMatchObject({ labels: "stage,service", tag: "{{.Name}}" });
    }
  });
});

interface Port {
  readonly ip: string;
  readonly external: number;
}

interface HostMount {
  readonly hostPath?: string;
  readonly readOnly: boolean;
}

function mountsOf({ inputs }: RegisteredResource): readonly HostMount[] {
  return inputs["volumes"] as unknown as HostMount[];
}

function publishedPorts(run: ProgramRun): string[] {
  return ofType(run, CONTAINER)
    .flatMap((container) =>
      (container.inputs["ports"] as unknown as Port[]).map(
        ({ ip, external }) => `${hostName(container)} ${ip}:${external}`,
      ),
    )
    .sort();
}

function networksOf(networks: unknown): string[] {
  return (networks as { name: string }[]).map(({ name }) => name);
}
