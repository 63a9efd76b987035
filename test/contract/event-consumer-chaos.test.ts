import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { docker, ReferenceStages } from "./support/reference-stages.ts";
import { until } from "./support/until.ts";

const STREAM = "stage1:cleaning:events";
const DEAD_LETTERS = "stage2:nlp:failed-events";
const DOCUMENTS = 9900;
const JOBS = 100;
const POISON = 40;
const KILLS_OF_EACH = 5;
/** `CHAOS_SEED=<number>` repeats a run. */
const SEED = Number(process.env["CHAOS_SEED"] ?? Date.now() % 1_000_000);

const stages = new ReferenceStages();
const random = seededRandom(SEED);

beforeAll(() => stages.start());
afterAll(() => stages.close());

/**
 * 9,900 documents and 100 jobs over the same documents, so that each way could process what the other did. The events
 * wait in the outbox of stage 1; its worker publishes them while Redis is killed.
 */
test("10,000 events, with the consumer, the worker and both Redis killed at random", {
  timeout: 600_000,
}, async () => {
  await fillStage1();
  await stages.startService(stages.nlp, "ner-service");
  await stages.startService(stages.nlp, "orchestrator");
  await stages.startService(stages.cleaning, "celery-worker");
  const worker = await stages.startService(stages.nlp, "celery-worker", {
    CELERY_CONCURRENCY: "8",
    LOST_TASK_SECONDS: "15",
    DP_SERVICE_URL: "",
    EVENT_LLM_SERVICE_URL: "",
  });
  const consumer = await stages.startService(stages.nlp, "event-consumer", {
    EVENT_BATCH_SIZE: "64",
    EVENT_CONCURRENT_TASKS: "8",
    EVENT_RETRY_DELAY_SECONDS: "0.5",
  });

  const started = Date.now();
  const poisoning = addPoison();
  await killAtRandom([worker, consumer, stages.cache, stages.broker]);
  await poisoning;
  const calm = Date.now();
  await until("every event is processed or a dead letter", isSettled, 400);
  const settled = Date.now();

  expect(await count("stage2_nlp", "documents WHERE status = 'success'")).toBe(DOCUMENTS);
  expect(await count("stage2_nlp", "documents")).toBe(DOCUMENTS);
  expect(await count("stage2_nlp", "jobs WHERE completed_at IS NOT NULL")).toBe(JOBS);
  const told = await eventsIn(3, "stage2:nlp:events");
  expect(tellings(told)).toEqual({ events: DOCUMENTS + JOBS, subjects: DOCUMENTS + JOBS });
  const poison = (await eventsIn(1, STREAM)).filter((event) => event.startsWith("poison"));
  expect(new Set(poison).size).toBe(POISON);
  expect((await eventsIn(1, DEAD_LETTERS)).toSorted()).toEqual(poison.toSorted());

  const consumed = await stages.logged(consumer, "event_consumed");
  const skipped = await stages.logged(consumer, "event_duplicate_skipped");
  const skippedTasks = await stages.logged(worker, "document_skipped");
  const lost = (await stages.logged(worker, "lost_tasks_sent_again")).map(({ count: tasks }) =>
    Number(tasks),
  );
  process.stdout.write(
    `seed ${SEED}: ${DOCUMENTS + JOBS} events and ${POISON} poisoned, each of 4 containers killed ${KILLS_OF_EACH} times;` +
      ` kills for ${seconds(calm - started)}, settled after ${seconds(settled - started)};` +
      ` taken ${consumed.length} times, duplicates skipped ${skipped.length}, tasks lost and sent again ${sum(lost)},` +
      ` tasks of finished documents skipped ${skippedTasks.length},` +
      ` entries in stage 2's own stream ${told.length}\n`,
  );
});

/** Results of stage 1 with their events in its outbox, as its worker leaves them. */
async function fillStage1(): Promise<void> {
  const envelope = `'specversion', '1.0', 'source', '/stage1/cleaning'`;
  await stages.sql(
    "stage1_cleaning",
    `INSERT INTO documents (document_id, task_id, status, result)
     SELECT 'doc-' || n, 'task-' || n, 'success', jsonb_build_object('text', 'Ada Lovelace met document ' || n || ' in 1833.')
     FROM generate_series(0, ${DOCUMENTS - 1}) n;
     INSERT INTO event_outbox (event)
     SELECT json_build_object(${envelope}, 'id', 'document-' || n, 'type', 'com.storytelling.cleaning.document.cleaned',
       'data', json_build_object('document_id', 'doc-' || n)) FROM generate_series(0, ${DOCUMENTS - 1}) n;
     INSERT INTO event_outbox (event)
     SELECT json_build_object(${envelope}, 'id', 'job-' || j, 'type', 'com.storytelling.cleaning.job.completed',
       'data', json_build_object('job_id', 'job-' || j, 'batch_id', 'chaos', 'document_ids',
         (SELECT json_agg('doc-' || n) FROM generate_series(j, ${DOCUMENTS - 1}, ${JOBS}) n)))
     FROM generate_series(0, ${JOBS - 1}) j;`,
  );
}

/** One after another, each tried until Redis has it. */
async function addPoison(): Promise<void> {
  for (let index = 0; index < POISON; index += 1) {
    await sleep(500);
    const added = async (): Promise<boolean> =>
      stages.add([["event", `poison-${index}`]]).then(
        () => true,
        () => false,
      );
    await until("Redis takes the poison", added);
  }
}

async function killAtRandom(victims: readonly string[]): Promise<void> {
  const order = Array.from({ length: KILLS_OF_EACH }, () => victims.toSorted(() => random() - 0.5)).flat();
  for (const victim of order) {
    await sleep(2000 + random() * 4000);
    await docker("kill", victim);
    await sleep(random() * 2000);
    await docker("start", victim);
  }
}

async function isSettled(): Promise<boolean> {
  // A Redis that was just started answers with an error while it loads; `-e` makes that a failure.
  const groups = await stages.stream("-e", "--json", "XINFO", "GROUPS", STREAM).catch(() => "[]");
  const [group] = JSON.parse(groups) as { pending: number; lag: number | null }[];
  if (group?.pending !== 0 || group.lag !== 0) return false;
  const waiting = [
    count("stage1_cleaning", "event_outbox"),
    count("stage2_nlp", "documents WHERE status = 'pending'"),
    count("stage2_nlp", "event_outbox"),
  ];
  return (await Promise.all(waiting)).every((rows) => rows === 0);
}

async function count(database: string, table: string): Promise<number> {
  return Number(await stages.sql(database, `SELECT count(*) FROM ${table}`));
}

/** What the entries of a stream in the cache carry, oldest first. */
async function eventsIn(database: number, stream: string): Promise<string[]> {
  const range = ["redis-cli", "-n", String(database), "--json", "XRANGE", stream, "-", "+"];
  const entries = JSON.parse(await docker("exec", stages.cache, ...range)) as [string, string[]][];
  return entries.map(([, [, event]]) => event ?? "");
}

/** An event in stage 2's stream twice is a repeated sending; two events about the same are a repeated result. */
function tellings(entries: readonly string[]): Record<"events" | "subjects", number> {
  const events = entries.map((entry) => JSON.parse(entry) as { id: string; subject: string });
  return {
    events: new Set(events.map(({ id }) => id)).size,
    subjects: new Set(events.map(({ subject }) => subject)).size,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(0)} s`;
}

/** Numbers from 0 to 1 that are the same for the same seed (Lehmer's generator with the factor 48271). */
function seededRandom(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
