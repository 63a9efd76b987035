import { createServer } from "node:net";
import type Docker from "dockerode";
import { assertNoProblems, type Problem } from "../../components/core/errors.ts";
import { attachedStages } from "../../stacks/attached-stages.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { platformPorts } from "../../stacks/host-ports.ts";
import { standalonePort } from "../../stacks/standalone-definition.ts";
import type { Inventory } from "../docker/inventory.ts";
import { findPortOwner } from "./port-owner.ts";

/** A port of the host that the platform listens on. */
export interface WantedPort {
  /** Configuration key that chooses it. */
  readonly key: string;
  readonly address: string;
  readonly port: number;
}

/** The ports of a configuration. */
export function wantedPorts(config: PlatformConfig): WantedPort[] {
  if (config.mode === "standalone") return standalonePorts(config);
  return platformPorts(config).map(({ name, address, port }) => ({
    key: `hostPorts.${name}`,
    address,
    port,
  }));
}

function standalonePorts(config: PlatformConfig): WantedPort[] {
  const address = "127.0.0.1";
  return [
    { key: "hostPorts.postgres", address, port: config.hostPorts.postgres },
    ...attachedStages(config)
      .filter(({ enabled }) => enabled)
      .map(({ definition }) => ({
        key: `stages.${definition.name}`,
        address,
        port: standalonePort(definition),
      })),
  ];
}

/**
 * Throws a UserError that names every port that somebody else holds, and who it is. A port that this stack's own
 * containers publish is free.
 */
export async function assertPortsFree(
  docker: Docker,
  wanted: readonly WantedPort[],
  { publishedPorts }: Inventory,
): Promise<void> {
  // A port that is wanted twice is looked at once: the program tells that contradiction.
  const distinct = [...new Map(wanted.map((entry) => [entry.port, entry])).values()];
  const foreign = distinct.filter(({ port }) => !publishedPorts.has(port));
  const problems = await Promise.all(foreign.map((port) => checkPort(docker, port)));
  assertNoProblems("Ports of the host are in use; nothing was changed:", problems.flat());
}

async function checkPort(docker: Docker, { key, address, port }: WantedPort): Promise<Problem[]> {
  const failure = await tryToListen(address, port);
  if (failure === undefined) return [];
  if (failure === "EADDRNOTAVAIL") {
    const reason = `${address} is no address of this host: choose one that \`ip address\` shows, 127.0.0.1 or 0.0.0.0`;
    return [{ key: "bindAddress", reason }];
  }
  if (failure !== "EADDRINUSE") return [];
  const owner = await findPortOwner(docker, port);
  return [
    {
      key,
      reason: `port ${port} on ${address} is held by ${owner}: end it, or choose another port from 1 to 65535`,
    },
  ];
}

/** The error code of listening there, or undefined when it works. */
async function tryToListen(address: string, port: number): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "unknown"));
    server.listen({ host: address, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
