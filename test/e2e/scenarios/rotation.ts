import pg from "pg";
import { expect, test } from "vitest";
import { runIn, runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";
import { loadFromContainer, loadFromHost } from "../support/load.ts";
import { generatedPasswords } from "../support/secrets.ts";

/** One stage gets new passwords, and nobody else notices. */
export function rotation(platform: LivePlatform): void {
  test("a rotation changes one stage's passwords under load, and nothing of the others notices", async () => {
    const old = await generatedPasswords(platform.checkout);
    const before = await runningContainers();
    const session = await connectAs(old["stage1-cleaning-database-password"]);
    const loads = [
      // Below the rate limit of one client.
      loadFromHost("http://localhost/api/v1/nlp/health", { pause: 700, most: 200 }),
      loadFromContainer("nlp-orchestrator", "http://localhost:8000/health", 120),
      loadFromContainer("nlp-ner-service", "http://storytelling-traefik/health", 120),
    ];

    const ownLoad = loadFromContainer("nlp-dp-service", "http://cleaning-orchestrator:8000/health", 120);

    const { stdout } = await platform.checkout.storytelling("rotate", "cleaning", "--yes", "--json");
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

    const fresh = await generatedPasswords(platform.checkout);
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
    await platform.checkout.succeed("up", "--expect-no-changes");
  });

  test("a rotation of the stage whose database password is given renews the rest and says so", async () => {
    const old = await generatedPasswords(platform.checkout);
    const output = await platform.checkout.succeed("rotate", "nlp", "--yes");
    const fresh = await generatedPasswords(platform.checkout);

    expect(output).toContain("storytelling:secrets.STAGE2_POSTGRES_PASSWORD gives the password");
    expect(changedNames(old, fresh)).toEqual([
      "stage2-nlp-reads-stage1-password",
      "stage2-nlp-redis-password",
    ]);
  });

  test("`destroy` keeps the passwords of the roles that it keeps", async () => {
    const before = await generatedPasswords(platform.checkout);
    await platform.checkout.succeed("destroy", "--yes");
    const after = await generatedPasswords(platform.checkout);

    for (const name of ["stage1-cleaning-database-password", "stage2-nlp-reads-stage1-password"]) {
      expect(after[name]).toBe(before[name]);
    }
  });
}

function changedNames(
  old: Readonly<Record<string, string>>,
  fresh: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(fresh)
    .filter((name) => fresh[name] !== old[name])
    .sort();
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
