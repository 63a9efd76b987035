import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import type Docker from "dockerode";
import { afterEach, beforeEach, expect, test } from "vitest";
import { listeningInodes } from "../../../../cli/preflight/port-owner.ts";
import { assertPortsFree, wantedPorts } from "../../../../cli/preflight/ports.ts";
import { configSchema } from "../../../../stacks/config/schema.ts";
import { inventoryOf } from "../heal/fixtures.ts";

const docker = { listContainers: async () => [] } as unknown as Docker;
let server: Server;
let taken: number;

beforeEach(async () => {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  taken = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  server.close();
  await once(server, "close");
});

function wanted(address = "127.0.0.1") {
  return [{ key: "hostPorts.gateway", address, port: taken }];
}

test("a port that another program holds is refused with its key, the program and what to do", async () => {
  await expect(assertPortsFree(docker, wanted(), inventoryOf())).rejects.toThrow(
    new RegExp(
      `nothing was changed:\\n.*hostPorts\\.gateway: port ${taken} on 127\\.0\\.0\\.1 is held by .*process ${process.pid}.*choose another port`,
    ),
  );
});

test("a container that holds the port is named", async () => {
  const container = { Names: ["/web"], Ports: [{ PublicPort: taken }] };
  const busy = { listContainers: async () => [container] } as unknown as Docker;
  await expect(assertPortsFree(busy, wanted(), inventoryOf())).rejects.toThrow(
    "is held by the container web",
  );
});

test("a port that the stack's own containers publish is free", async () => {
  const inventory = inventoryOf({ publishedPorts: new Set([taken]) });
  await expect(assertPortsFree(docker, wanted(), inventory)).resolves.toBeUndefined();
});

test("an address that the host does not have is refused under its own key", async () => {
  await expect(assertPortsFree(docker, wanted("192.0.2.1"), inventoryOf())).rejects.toThrow(
    "bindAddress: 192.0.2.1 is no address of this host",
  );
});

test("only the gateway listens on the configured address, and Grafana only when it runs", () => {
  const config = configSchema.parse({ bindAddress: "0.0.0.0", grafana: { enabled: false } });
  expect(wantedPorts(config)).toEqual([
    { key: "hostPorts.gateway", address: "0.0.0.0", port: 80 },
    { key: "hostPorts.prometheus", address: "127.0.0.1", port: 9090 },
    { key: "hostPorts.postgres", address: "127.0.0.1", port: 5432 },
  ]);
});

test("the gateway has a second port where TLS is on", () => {
  const tls = { mode: "acme", email: "a@example.com", domains: ["pipeline.example.com"] };
  const config = configSchema.parse({ gateway: { tls } });
  expect(wantedPorts(config)).toContainEqual({
    key: "hostPorts.gatewayTls",
    address: "127.0.0.1",
    port: 443,
  });
});

test("a stage that stands alone listens on a port of its own, and its PostgreSQL on the configured one", () => {
  const config = configSchema.parse({
    mode: "standalone",
    stages: { nlp: {} },
    hostPorts: { postgres: 5433 },
  });
  expect(wantedPorts(config)).toEqual([
    { key: "hostPorts.postgres", address: "127.0.0.1", port: 5433 },
    { key: "stages.nlp", address: "127.0.0.1", port: 8002 },
  ]);
});

test("of the kernel's sockets those that listen on the port are found", () => {
  const table = [
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
    "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0",
    "   1: 0100007F:1F90 0100007F:C000 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0",
    "   2: 0100007F:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 333 1 0",
  ].join("\n");
  expect(listeningInodes(table, 8080)).toEqual(["111"]);
  expect(listeningInodes(table, 80)).toEqual(["333"]);
});

test("a free port that is wanted twice is not taken for a port that somebody holds", async () => {
  server.close();
  await once(server, "close");
  const twice = [...wanted(), { key: "hostPorts.prometheus", address: "127.0.0.1", port: taken }];
  await expect(assertPortsFree(docker, twice, inventoryOf())).resolves.toBeUndefined();
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
});
