import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import type { NetworkHandle } from "../../components/core/handles.ts";
import { DockerApi } from "../../components/docker-api/docker-api.ts";
import { Loki } from "../../components/loki/loki.ts";
import { Prometheus } from "../../components/prometheus/prometheus.ts";
import { Telemetry } from "../../components/telemetry/telemetry.ts";
import { Tempo } from "../../components/tempo/tempo.ts";
import { Traefik } from "../../components/traefik/traefik.ts";
import { imageOf } from "./images.ts";
import type { Recorder } from "./mocks.ts";
import type { RunningContainer, Sandbox } from "./sandbox.ts";

const CONTAINER = "docker:index/container:Container";

/** The real observability services of the platform, as its components declare them, and the gateway. */
export interface Observability {
  readonly network: NetworkHandle;
  readonly opsNetwork: NetworkHandle;
  readonly components: { readonly prometheus: Prometheus; readonly traefik: Traefik };
  readonly prometheus: RunningContainer;
  readonly loki: RunningContainer;
  readonly tempo: RunningContainer;
  readonly telemetry: RunningContainer;
  readonly gateway: RunningContainer;
}

/** Starts them all, scraping each second so that no test waits for long. */
export async function startObservability(sandbox: Sandbox, recorder: Recorder): Promise<Observability> {
  const network = await sandbox.createNetwork("net");
  // Its name comes first, so that a published port leads there.
  const observability = await sandbox.createNetwork("back");
  const opsNetwork = await sandbox.createNetwork("ops", { internal: true });
  const base = (role: string) => ({
    containerName: `${sandbox.prefix}-${role}`,
    volumeName: sandbox.volumeName(role),
    network: observability,
    limits: { cpus: 1, memory: "512 MB" } as const,
  });
  const published = { host: 0, address: "127.0.0.1" };
  const haproxy = await imageOf("haproxy");
  const dockerApi = new DockerApi("docker-api", {
    ...base("docker-api"),
    image: haproxy,
    network: opsNetwork,
  });
  const prometheus = new Prometheus("prometheus", {
    ...base("prometheus"),
    image: await imageOf("prometheus"),
    network,
    observabilityNetwork: observability,
    opsNetwork,
    dockerApi,
    published,
    retention: { time: "360h", size: "1 GB" },
    scrapeInterval: "1s",
  });
  const observed = { metrics: prometheus, metricsSink: prometheus };
  const loki = new Loki("loki", {
    ...base("loki"),
    ...observed,
    image: await imageOf("loki"),
    retention: "168h",
  });
  const tempo = new Tempo("tempo", {
    ...base("tempo"),
    ...observed,
    network,
    observabilityNetwork: observability,
    image: await imageOf("tempo"),
    retention: "168h",
  });
  new Telemetry("telemetry", {
    ...base("telemetry"),
    ...observed,
    limits: { cpus: 1, memory: "256 MB" },
    image: await imageOf("telemetry"),
    opsNetwork,
    dockerApi,
    logSink: loki,
    ...(await engineFacts()),
  });
  const traefik = new Traefik("traefik", {
    ...base("traefik"),
    network,
    metrics: prometheus,
    image: await imageOf("traefik"),
    opsNetwork,
    dockerApi,
    published,
    traces: tempo.otlp,
  });
  const start = async (name: string) => sandbox.start(await recorder.resource(CONTAINER, name));
  await start("docker-api-proxy");
  const [running, lokiServer, tempoServer, gateway] = await Promise.all(
    ["prometheus-server", "loki-server", "tempo-server", "traefik-gateway"].map(start),
  );
  return {
    network,
    opsNetwork,
    components: { prometheus, traefik },
    prometheus: running as RunningContainer,
    loki: lokiServer as RunningContainer,
    tempo: tempoServer as RunningContainer,
    gateway: gateway as RunningContainer,
    telemetry: await start("telemetry-collector"),
  };
}

/** What the collector must know of the engine on which the test runs. */
async function engineFacts(): Promise<{
  readonly dockerApiVersion: string;
  readonly containerLogsPath: string;
}> {
  const docker = new Docker();
  const { ApiVersion } = await docker.version();
  const { DockerRootDir } = (await docker.info()) as { DockerRootDir: string };
  return { dockerApiVersion: ApiVersion, containerLogsPath: `${DockerRootDir}/containers` };
}

/** Asks again until the answer is there; fails with the last one when it is not within the time. */
export async function eventually<T>(
  ask: () => Promise<T>,
  isThere: (answer: T) => boolean,
  seconds = 60,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isThere(answer)) return answer;
    if (Date.now() > deadline) {
      throw new Error(`not there after ${seconds} s, the last answer was ${JSON.stringify(answer)}`);
    }
    await sleep(250);
  }
}
