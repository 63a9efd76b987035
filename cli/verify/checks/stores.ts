import type { StageSummary } from "../../../stacks/outputs.ts";
import { type Check, CheckFailure, expectThat } from "../check.ts";
import { containerOf, environmentOf, run, type VerifyContext } from "../context.ts";

/** Where the stores listen that a stage may have (`000-136`). */
const ADDRESSES: Readonly<Partial<Record<string, readonly string[]>>> = {
  redis: ["redis-broker 6379", "redis-cache 6379"],
  postgres: ["postgres 5432"],
  elasticsearch: ["elasticsearch 9200"],
  neo4j: ["neo4j 7687"],
};
const REACHABLE = "All infrastructure services reachable!";

/** The stores, as a stage sees them: the sources' tests 1 to 3. */
export function storeChecks(context: VerifyContext, stage: StageSummary): Check[] {
  return stage.stores.length === 0 ? [] : [connectivity(context, stage), ...ownStoreChecks(context, stage)];
}

/** Redis and PostgreSQL with the stage's own variables, wherever they are. */
export function ownStoreChecks(context: VerifyContext, stage: StageSummary): Check[] {
  return [
    ...(stage.stores.includes("redis") ? [redis(context, stage)] : []),
    ...(stage.stores.includes("postgres") ? [postgres(context, stage)] : []),
  ];
}

function connectivity(context: VerifyContext, { name, orchestrator, stores }: StageSummary): Check {
  const targets = stores.flatMap((store) => ADDRESSES[store] ?? []);
  const script = `${targets.map((target) => `nc -zv ${target}`).join(" && ")} && echo '${REACHABLE}'`;
  return {
    name: `${name}: ${targets.map((target) => target.split(" ")[0]).join(", ")} are reachable`,
    source: "000-136",
    remedy: `see that ${orchestrator} is in the network \`storytelling\` and that its image has nc, then run \`npm run up\``,
    run: async () => {
      const output = await run(context, orchestrator, ["sh", "-c", script]);
      expectThat(output.includes(REACHABLE), output.trim());
      return { detail: REACHABLE };
    },
  };
}

/** The Redis protocol needs no client: commands as lines, and Redis closes after QUIT. */
const ASK_REDIS = [
  'ask() { { if [ -n "$REDIS_PASSWORD" ]; then printf "AUTH %s %s\\r\\n" "$REDIS_USERNAME" "$REDIS_PASSWORD"; fi;',
  'printf "SELECT %s\\r\\n%s\\r\\nQUIT\\r\\n" "$3" "$4"; } | nc -w 5 "$1" "$2" | tr -d "\\r"; };',
].join(" ");

const BROKER = 'ask "$REDIS_HOST" "$REDIS_PORT" "$REDIS_DB"';
const CACHE = 'ask "$REDIS_CACHE_HOST" "$REDIS_CACHE_PORT" "$REDIS_CACHE_DB"';

function redis(context: VerifyContext, { name, number, orchestrator }: StageSummary): Check {
  return {
    name: `${name}: broker and cache answer with the stage's own variables`,
    source: "000-137, 000-138",
    remedy:
      "run `npm run up`: it brings the servers back, and shows the last lines of one that does not start",
    run: async () => {
      const { REDIS_DB: broker, REDIS_CACHE_DB: cache } = environmentOf(containerOf(context, orchestrator));
      const expected = { broker: `${2 * number - 2}`, cache: `${2 * number - 1}` };
      expectThat(
        broker === expected.broker,
        `REDIS_DB is ${broker}, and stage ${number} has ${expected.broker}`,
      );
      expectThat(
        cache === expected.cache,
        `REDIS_CACHE_DB is ${cache}, and stage ${number} has ${expected.cache}`,
      );
      await expectReply(context, orchestrator, `${BROKER} PING`, "+PONG");
      await expectReply(context, orchestrator, `${CACHE} PING`, "+PONG");
      await expectReply(context, orchestrator, `${CACHE} "SET test_key test_value EX 60"`, "+OK\n+OK\n+OK");
      await expectReply(context, orchestrator, `${CACHE} "GET test_key"`, "test_value");
      return { detail: `broker database ${broker}, cache database ${cache}` };
    },
  };
}

async function expectReply(
  context: VerifyContext,
  container: string,
  command: string,
  expected: string,
): Promise<void> {
  const reply = await run(context, container, ["sh", "-c", `${ASK_REDIS} ${command}`]);
  expectThat(reply.includes(expected), `${command.split('" ').at(-1)} was answered with ${reply.trim()}`);
}

function postgres(context: VerifyContext, { name, orchestrator }: StageSummary): Check {
  return {
    name: `${name}: SELECT 1 as the stage's user, tables of schema public`,
    source: "000-139, 000-140",
    remedy: "run `npm run up`: it makes a dropped database again and sets an altered role back",
    run: async () => {
      const { POSTGRES_DB, POSTGRES_USER, POSTGRES_PASSWORD } = environmentOf(
        containerOf(context, orchestrator),
      );
      // Loaded here because the quick look of an unchanged `up` asks no database.
      const { default: pg } = await import("pg");
      const client = new pg.Client({
        host: "127.0.0.1",
        port: context.outputs.hostPorts.postgres,
        database: POSTGRES_DB,
        user: POSTGRES_USER,
        password: POSTGRES_PASSWORD,
        connectionTimeoutMillis: 5000,
        query_timeout: 5000,
      });
      try {
        await client.connect();
        const one = await client.query<{ readonly one: number }>("select 1 as one");
        expectThat(one.rows[0]?.one === 1, "SELECT 1 did not return 1");
        const tables = await client.query<{ readonly tablename: string }>(
          "select tablename from pg_tables where schemaname = 'public' order by tablename",
        );
        const names = tables.rows.map(({ tablename }) => tablename).join(", ");
        return { detail: `${POSTGRES_USER} on ${POSTGRES_DB}, tables: ${names === "" ? "none" : names}` };
      } catch (error) {
        throw new CheckFailure(`${POSTGRES_USER} on ${POSTGRES_DB}: ${(error as Error).message}`);
      } finally {
        await client.end();
      }
    },
  };
}
