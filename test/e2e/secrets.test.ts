import { randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Checkout } from "./support/checkout.ts";
import { assertHostIsFree, docker, runIn, runningContainers } from "./support/host.ts";
import { loadFromContainer, loadFromHost } from "./support/load.ts";
import { generatedPasswords, occurringIn } from "./support/secrets.ts";

/** Made here and now: this file is a part of the working tree that is searched. */
const GIVEN = randomUUID();

let checkout: Checkout;
let first: string;

beforeAll(async () => {
  await assertHostIsFree();
  checkout = await Checkout.create();
  await checkout.configure("config:\n", "config:\n  storytelling:redisAuthentication: true\n");
  await checkout.succeedWith(GIVEN, "secret", "STAGE2_POSTGRES_PASSWORD");
  first = await checkout.succeed("up");
});

afterAll(() => checkout.remove());

describe("no generated and no given secret is in plain text", () => {
  let secrets: string[];
  beforeAll(async () => {
    secrets = [GIVEN, ...Object.values(await generatedPasswords(checkout))];
  });

  function leaks(places: Readonly<Record<string, string>>): string[] {
    return Object.entries(places).flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map(() => place),
    );
  }

  test("in state, outputs, the preview's difference or what `up` prints", async () => {
    const places = {
      state: await checkout.pulumi("stack export"),
      outputs: await checkout.pulumi("stack output", "--json"),
      preview: await checkout.succeed("preview", "--diff"),
      up: first,
    };

    expect(secrets.length).toBeGreaterThanOrEqual(7);
    expect(leaks(places)).toEqual([]);
  });

  test("in the logs, labels, arguments and health answers of any container", async () => {
    const texts = await eachContainer(async (name) => {
      const container = docker.getContainer(name);
      const logs = await container.logs({ stdout: true, stderr: true });
      const { Args, Config, Path, State } = await container.inspect();
      const { Cmd, Entrypoint, Labels } = Config;
      return `${JSON.stringify([Path, Args, Cmd, Entrypoint, Labels, State])}\n${logs.toString()}`;
    });

    expect(Object.keys(texts)).toContain("storytelling-stage1-redis-user-broker");
    expect(leaks(texts)).toEqual([]);
  });

  test("in the process list of any container", async () => {
    const texts = await eachContainer(async (name) => {
      const { stdout } = await execa("docker", ["top", name, "-eo", "pid,args"], { reject: false });
      return stdout;
    });

    expect(texts["storytelling-redis-broker"]).toContain("redis-server");
    expect(leaks(texts)).toEqual([]);
  });

  test("in the layers of any image that a container runs", async () => {
    const images = await imagesInUse();
    const histories = await Promise.all(
      images.map(async (image) => {
        const { stdout } = await execa("docker", ["history", "--no-trunc", image]);
        return [image, stdout] as const;
      }),
    );
    expect(leaks(Object.fromEntries(histories))).toEqual([]);

    // The others are made before there is a secret.
    const built = images.filter((image) => image.startsWith("storytelling/"));
    expect(built.length).toBeGreaterThanOrEqual(2);
    for (const image of built) {
      const save = execa("docker", ["save", image], { buffer: false });
      expect([image, await occurringIn(save.stdout, secrets)]).toEqual([image, []]);
      await save;
    }
  });

  test("in any file of the working tree, the given one either", async () => {
    const files = (await readdir(checkout.root, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes("node_modules"),
    );
    const texts = await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file, await readFile(file, "latin1")] as const;
      }),
    );

    expect(texts.map(([file]) => file)).toContain(join(checkout.root, "Pulumi.dev.yaml"));
    expect(leaks(Object.fromEntries(texts))).toEqual([]);
  });

  test("in the environment of a container that does not need it", async () => {
    const holders = await eachContainer(async (name) => {
      const { Config } = await docker.getContainer(name).inspect();
      return Config.Env.join("\n");
    });

    expect(leaks(holders).filter((name, index, all) => all.indexOf(name) === index)).toEqual([
      "cleaning-celery-worker",
      "cleaning-orchestrator",
      "nlp-celery-worker",
      "nlp-dp-service",
      "nlp-event-consumer",
      "nlp-event-llm-service",
      "nlp-ner-service",
      "nlp-orchestrator",
      "storytelling-event-streams",
      "storytelling-redis-broker",
      "storytelling-redis-cache",
      "storytelling-stage1-redis-user-broker",
      "storytelling-stage1-redis-user-cache",
      "storytelling-stage2-redis-user-broker",
      "storytelling-stage2-redis-user-cache",
    ]);
  });
});

test("a rotation changes one stage's passwords under load, and nothing of the others notices", async () => {
  const old = await generatedPasswords(checkout);
  const before = await runningContainers();
  const session = await connectAs(old["stage1-cleaning-database-password"]);
  const loads = [
    // Below the rate limit of one client.
    loadFromHost("http://localhost/api/v1/nlp/health", { pause: 700, most: 200 }),
    loadFromContainer("nlp-orchestrator", "http://localhost:8000/health", 120),
    loadFromContainer("nlp-ner-service", "http://storytelling-traefik/health", 120),
  ];

  const ownLoad = loadFromContainer("nlp-dp-service", "http://cleaning-orchestrator:8000/health", 120);

  const { stdout } = await checkout.storytelling("rotate", "cleaning", "--yes", "--json");
  const answers = await Promise.all(loads.map((load) => load.stop()));
  const own = await ownLoad.stop();

  const after = await runningContainers();
  const replaced = Object.keys(after).filter((name) => after[name] !== before[name]);
  expect(JSON.parse(stdout)).toMatchObject({
    stage: "cleaning",
    passwords: ["database", "redis"],
    restarted: replaced,
    endedSessions: 1,
  });
  expect(replaced).toEqual([
    "cleaning-celery-worker",
    "cleaning-orchestrator",
    "storytelling-stage1-redis-user-broker",
    "storytelling-stage1-redis-user-cache",
  ]);
  for (const answer of answers) expect(answer).toEqual({ "200": expect.any(Number) });
  expect(["200", "503", "no answer"]).toEqual(expect.arrayContaining(Object.keys(own)));
  await expect(session.query("select 1")).rejects.toThrow(/terminat|not queryable/);

  const fresh = await generatedPasswords(checkout);
  expect(changedNames(old, fresh)).toEqual([
    "stage1-cleaning-database-password",
    "stage1-cleaning-redis-password",
  ]);
  await expect(connectAs(old["stage1-cleaning-database-password"])).rejects.toThrow(
    "password authentication failed",
  );
  await (await connectAs(fresh["stage1-cleaning-database-password"])).end();
  for (const server of ["storytelling-redis-broker", "storytelling-redis-cache"]) {
    expect(await pingAs(server, old["stage1-cleaning-redis-password"])).toContain("NOAUTH");
    expect(await pingAs(server, fresh["stage1-cleaning-redis-password"])).toBe("PONG");
  }
  await checkout.succeed("up", "--expect-no-changes");
});

test("a rotation of the stage whose database password is given renews the rest and says so", async () => {
  const old = await generatedPasswords(checkout);
  const output = await checkout.succeed("rotate", "nlp", "--yes");
  const fresh = await generatedPasswords(checkout);

  expect(output).toContain("storytelling:secrets.STAGE2_POSTGRES_PASSWORD gives the password");
  expect(changedNames(old, fresh)).toEqual(["stage2-nlp-reads-stage1-password", "stage2-nlp-redis-password"]);
});

test("`destroy` keeps the passwords of the roles that it keeps", async () => {
  const before = await generatedPasswords(checkout);
  await checkout.succeed("destroy", "--yes");
  const after = await generatedPasswords(checkout);

  for (const name of ["stage1-cleaning-database-password", "stage2-nlp-reads-stage1-password"]) {
    expect(after[name]).toBe(before[name]);
  }
});

async function eachContainer(look: (name: string) => Promise<string>): Promise<Record<string, string>> {
  const names = Object.keys(await runningContainers());
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await look(name)] as const)));
}

function changedNames(
  old: Readonly<Record<string, string>>,
  fresh: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(fresh)
    .filter((name) => fresh[name] !== old[name])
    .sort();
}

async function imagesInUse(): Promise<string[]> {
  const images = await eachContainer(
    async (name) => (await docker.getContainer(name).inspect()).Config.Image,
  );
  return [...new Set(Object.values(images))];
}

async function connectAs(password: string | undefined): Promise<pg.Client> {
  const client = new pg.Client({
    host: "127.0.0.1",
    user: "stage1_user",
    database: "stage1_cleaning",
    password,
  });
  // A session that the server ends says so here, too.
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

async function pingAs(server: string, password = ""): Promise<string> {
  // The administrator's password in the container's environment would win.
  return runIn(server, "env", `REDISCLI_AUTH=${password}`, "redis-cli", "--user", "stage1", "ping");
}
