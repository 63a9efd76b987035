import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { type Attack, attacks, type HiddenAddresses, redis, sql } from "../support/attacks.ts";
import { docker, runIn } from "../support/host.ts";

/** The stage that somebody has taken over. */
const TAKEN = "cleaning-orchestrator";

/** What somebody who has taken over a stage tries. */
export function walls(): void {
  let hidden: HiddenAddresses;
  beforeAll(async () => {
    hidden = {
      dockerApi: await addressOf("storytelling-docker-api", "storytelling-ops"),
      gatewayInternal: await addressOf("storytelling-traefik", "storytelling-ops"),
      prometheus: await addressOf("storytelling-prometheus", "observability-storytelling"),
      loki: await addressOf("storytelling-loki", "observability-storytelling"),
      tempo: await addressOf("storytelling-tempo", "observability-storytelling"),
      host: await gatewayOf("storytelling"),
    };
  });

  test("a stage reaches its stores, another stage, the gateway and the traces: what it is refused is not just away", async () => {
    const reach = [
      sql({}),
      redis("SET", "stage1:reached", "1"),
      "import socket, urllib.request",
      'urllib.request.urlopen("http://nlp-orchestrator:8000/health", timeout=5)',
      'urllib.request.urlopen("http://traefik/api/v1/cleaning/health", timeout=5)',
      'socket.create_connection(("tempo", 4317), 5)',
      'print("all reached")',
    ];

    expect(await runIn(TAKEN, "python", "-c", reach.join("\n"))).toBe("all reached");
  });

  const names = attacks({
    dockerApi: "",
    gatewayInternal: "",
    prometheus: "",
    loki: "",
    tempo: "",
    host: "",
  });

  test.each(names.map(({ name }, index) => ({ name, index })))("refused: $name", async ({ index }) => {
    const attack = attacks(hidden)[index] as Attack;
    const { exitCode, all } = await execa("docker", ["exec", TAKEN, ...attack.command], {
      all: true,
      reject: false,
    });

    expect(all).toMatch(attack.refusal);
    expect(exitCode).not.toBe(0);
  });

  test("refused: writing to the root as root", async () => {
    const { exitCode, all } = await execa("docker", ["exec", "--user=0", TAKEN, "touch", "/etc/taken"], {
      all: true,
      reject: false,
    });

    expect(all).toContain("Read-only file system");
    expect(exitCode).not.toBe(0);
  });

  test("refused: another limit by another name of the sender", async () => {
    const url = "http://traefik/api/v1/nlp/health";
    const script = `for i in $(seq 200); do curl -s -o /dev/null -w '%{http_code} ' -H "X-Forwarded-For: 10.9.8.$i" -H "X-Real-Ip: 10.9.8.$i" ${url}; done`;

    expect(await runIn(TAKEN, "sh", "-c", script)).toContain("429");
  });
}

async function addressOf(container: string, network: string): Promise<string> {
  const { NetworkSettings } = await docker.getContainer(container).inspect();
  const address = NetworkSettings.Networks[network]?.IPAddress;
  if (address === undefined) throw new Error(`${container} is not on ${network}`);
  return address;
}

async function gatewayOf(network: string): Promise<string> {
  const { IPAM } = await docker.getNetwork(network).inspect();
  const gateway: string | undefined = IPAM?.Config?.[0]?.Gateway;
  if (gateway === undefined) throw new Error(`${network} has no gateway`);
  return gateway;
}
