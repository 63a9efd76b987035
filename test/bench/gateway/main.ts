import autocannon from "autocannon";
import Docker from "dockerode";
import { LivePlatform } from "../../e2e/support/live-platform.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { type Load, renderLoads } from "./report.ts";

/** Bounded in time and in connections, and sent to this machine alone. */
const SECONDS = 60;
const CONNECTIONS = 16;
const GATEWAY = "storytelling-traefik";
const STAGE = "cleaning-orchestrator";
/** Above everything that this load can be. */
const NO_LIMIT =
  'storytelling:gateway: { rateLimits: { rate-limit: { average: 1000000, period: "1s", burst: 1000000 } } }';

const docker = new Docker();

/** The health of a real stage, which asks both Redis servers and PostgreSQL, first directly and then through the gateway. */
async function measure(): Promise<string> {
  const platform = new LivePlatform();
  try {
    await platform.start((checkout) => checkout.configure("config:\n", `config:\n  ${NO_LIMIT}\n`));
    const direct = await load("the stage directly", `http://${await addressOf(STAGE)}:8000/health`);
    const memory = MemoryWatch.start(docker, GATEWAY);
    const routed = await load("through the gateway", "http://localhost/api/v1/cleaning/health");
    return renderLoads([direct, routed], await memory.stop(), { seconds: SECONDS, connections: CONNECTIONS });
  } finally {
    await platform.remove();
  }
}

async function load(title: string, url: string): Promise<Load> {
  const { requests, latency, errors, timeouts, non2xx } = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: SECONDS,
  });
  return {
    title,
    requestsPerSecond: requests.average,
    p50: latency.p50,
    p99: latency.p99,
    requests: requests.total,
    failed: errors + timeouts + non2xx,
  };
}

async function addressOf(container: string): Promise<string> {
  const { NetworkSettings } = await docker.getContainer(container).inspect();
  const address = NetworkSettings.Networks["storytelling"]?.IPAddress;
  if (address === undefined) throw new Error(`${container} is not on the network storytelling`);
  return address;
}

process.stdout.write(`${await measure()}\n`);
