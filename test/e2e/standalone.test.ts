import { afterAll, beforeAll, expect, test } from "vitest";
import { OWNER_LABELS } from "../../components/core/owner-labels.ts";
import { Checkout } from "./support/checkout.ts";
import { docker } from "./support/host.ts";

const STACK = ["--stack", "standalone"] as const;

let checkout: Checkout;
let first: string;

beforeAll(async () => {
  const found = await objects();
  if (found.length > 0) throw new Error(`a stage stands alone on this host already: ${found.join(", ")}`);
  checkout = await Checkout.create();
  first = await checkout.succeed("up", ...STACK);
});

afterAll(() => checkout?.remove("standalone"));

test("`up --stack standalone` brings up one stage with its own stores, and verifies it", async () => {
  expect(first).toMatch(/✔ \d+ checks passed/);
  expect(first).toContain("http://localhost:8001");
  expect(await objects()).toEqual([
    "cleaning-celery-worker",
    "cleaning-orchestrator",
    "cleaning-postgres",
    "cleaning-redis",
    "stage1-cleaning",
    "storytelling-standalone-cleaning-postgres-data",
    "storytelling-standalone-cleaning-redis-data",
  ]);
  const health = await fetch("http://localhost:8001/health");
  expect(await health.json()).toMatchObject({ status: "healthy", service: "stage1-cleaning" });
});

test("nothing but the entry and PostgreSQL is published, both on 127.0.0.1", async () => {
  const containers = await docker.listContainers({ filters: ours() });
  const ports = containers.flatMap(({ Ports }) =>
    Ports.filter(({ PublicPort }) => PublicPort > 0).map(({ IP, PublicPort }) => `${IP}:${PublicPort}`),
  );
  expect(ports.sort()).toEqual(["127.0.0.1:5433", "127.0.0.1:8001"]);
});

test("a second `up` changes nothing, `verify` and `status` agree", async () => {
  await checkout.succeed("up", ...STACK, "--expect-no-changes");

  expect(await checkout.succeed("verify", ...STACK)).toContain("a document is processed");
  expect(await checkout.succeed("status", ...STACK)).toContain("cleaning-postgres");
});

test("a database that was dropped by hand is made again", async () => {
  const server = docker.getContainer("cleaning-postgres");
  const drop = await server.exec({
    Cmd: ["psql", "-U", "storytelling_admin", "postgres", "-c", "drop database stage1_cleaning with (force)"],
    AttachStdout: true,
  });
  (await drop.start({})).resume();
  await expect.poll(async () => (await drop.inspect()).ExitCode, { timeout: 10_000 }).toBe(0);

  expect(await checkout.succeed("up", ...STACK, "--accept-data-loss")).toMatch(/✔ up in/);
});

test("`destroy --delete-data` leaves nothing", async () => {
  await checkout.succeed("destroy", ...STACK, "--yes", "--delete-data");

  expect(await objects()).toEqual([]);
});

function ours(): string {
  return JSON.stringify({
    label: [`${OWNER_LABELS.project}=storytelling`, `${OWNER_LABELS.stack}=standalone`],
  });
}

async function objects(): Promise<string[]> {
  const filters = ours();
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...containers.flatMap(({ Names }) => Names.map((name) => name.slice(1))),
    ...networks.map(({ Name }) => Name),
    ...volumes.Volumes.map(({ Name }) => Name),
  ].sort();
}
