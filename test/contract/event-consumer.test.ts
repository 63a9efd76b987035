import { afterAll, beforeAll, expect, test } from "vitest";
import { docker, ReferenceStages } from "./support/reference-stages.ts";
import { until } from "./support/until.ts";

const STREAM = "stage1:cleaning:events";
const GROUP = "stage2-nlp-processor";
const DEAD_LETTERS = "stage2:nlp:failed-events";
const DOCUMENT = "com.storytelling.cleaning.document.cleaned";

const stages = new ReferenceStages();
let consumer: string;
let orchestrator: string;

/** Ends the consumer and starts it anew with other settings. */
async function restartConsumer(variables: Readonly<Record<string, string>> = {}): Promise<void> {
  if (consumer !== undefined) await docker("rm", "-f", consumer);
  consumer = await stages.startService(stages.nlp, "event-consumer", {
    EVENT_RETRY_DELAY_SECONDS: "0.2",
    ...variables,
  });
  await until("the consumer is healthy", async () => (await health()).healthy === true);
}

async function health(): Promise<Record<string, unknown>> {
  const answer = await docker(
    "exec",
    consumer,
    "python",
    "-m",
    "reference_stage.event_consumer",
    "--health",
  ).catch((error: { stdout: string }) => error.stdout);
  return JSON.parse(answer || "{}") as Record<string, unknown>;
}

function documentEvent(documentId: string, eventId = `event-of-${documentId}`): [string, string] {
  const event = {
    specversion: "1.0",
    id: eventId,
    source: "/stage1/cleaning",
    type: DOCUMENT,
    subject: documentId,
    data: { document_id: documentId, text: `Ada wrote ${documentId}.` },
  };
  return ["event", JSON.stringify(event)];
}

async function processed(where = "true"): Promise<number> {
  return Number(
    await stages.sql("stage2_nlp", `SELECT count(*) FROM documents WHERE status = 'success' AND ${where}`),
  );
}

async function isCaughtUp(): Promise<boolean> {
  const groups = (await stages.stream("--json", "XINFO", "GROUPS", STREAM)) || "[]";
  const [group] = JSON.parse(groups) as { pending: number; lag: number | null }[];
  return group?.pending === 0 && group.lag === 0;
}

/** A request from inside a container, where stages listen. */
async function post(container: string, path: string, body: unknown): Promise<Record<string, unknown>> {
  const url = `http://localhost:8000${path}`;
  const header = "content-type: application/json";
  const id = "x-request-id: request-of-the-test";
  const answer = await docker(
    "exec",
    container,
    "curl",
    "-sS",
    "-H",
    header,
    "-H",
    id,
    "-d",
    JSON.stringify(body),
    url,
  );
  return JSON.parse(answer) as Record<string, unknown>;
}

beforeAll(async () => {
  await stages.start();
  for (const service of ["ner-service", "dp-service", "event-llm-service", "celery-worker"])
    await stages.startService(stages.nlp, service);
  orchestrator = await stages.startService(stages.nlp, "orchestrator");
  await restartConsumer();
});
afterAll(() => stages.close());

test("a job of stage 1 is published and processed by stage 2 in one trace (002-050)", async () => {
  const cleaning = await stages.startService(stages.cleaning, "orchestrator");
  const worker = await stages.startService(stages.cleaning, "celery-worker");
  await until("stage 1 answers", async () =>
    docker("exec", cleaning, "curl", "-sf", "http://localhost:8000/health").then(
      () => true,
      () => false,
    ),
  );

  const documents = ["a", "b", "c"].map((id) => ({
    document_id: id,
    text: `Ada  Lovelace met ${id} in 1833.`,
  }));
  const { job_id } = await post(cleaning, "/jobs", { batch_id: "batch-1", documents });
  await until(
    "stage 2 has all documents",
    async () => (await processed("document_id IN ('a', 'b', 'c')")) === 3,
  );
  await until("nothing is left", isCaughtUp);

  expect(await stages.logged(worker, "event_published")).toHaveLength(4);
  const [triggered] = await stages.logged(consumer, "nlp_batch_processing_triggered");
  expect(triggered).toMatchObject({ job_id, batch_id: "batch-1", request_id: "request-of-the-test" });
  const [initialized] = await stages.logged(consumer, "event_consumer_initialized");
  expect(initialized).toMatchObject({ stream: STREAM, group: GROUP });
  const [batch] = await stages.logged(orchestrator, "batch_processing_started");
  const [accepted] = await stages.logged(cleaning, "batch_processing_started");
  expect(batch?.["trace_id"]).toBe(accepted?.["trace_id"]);
  expect(
    await stages.sql(
      "stage2_nlp",
      "SELECT result -> 'entities' -> 0 ->> 'text' FROM documents WHERE document_id = 'a'",
    ),
  ).toBe("Ada Lovelace");
  await until(
    "stage 2 tells the others",
    async () =>
      (await docker("exec", stages.cache, "redis-cli", "-n", "3", "XLEN", "stage2:nlp:events")) === "4",
  );
  await docker("rm", "-f", cleaning, worker);
});

test("the health of a consumer that has caught up is the documented one (002-046)", async () => {
  await until("the consumer has caught up", isCaughtUp);

  expect(await health()).toEqual({
    enabled: true,
    healthy: true,
    stream_exists: true,
    group_exists: true,
    pending_count: 0,
    running: true,
  });
});

test("the same event twice is processed once (002-123)", async () => {
  await stages.add([
    documentEvent("twice"),
    documentEvent("twice"),
    documentEvent("other"),
    documentEvent("twice"),
  ]);
  await until("nothing is left", isCaughtUp);

  expect(await stages.logged(consumer, "event_duplicate_skipped")).toHaveLength(2);
  await until("both are processed", async () => (await processed("document_id IN ('twice', 'other')")) === 2);
});

test("poison becomes a dead letter with its reason, and what is behind it is processed (002-124)", async () => {
  const unknown = {
    specversion: "1.0",
    id: "unknown",
    source: "/s",
    type: DOCUMENT,
    data: { document_id: "unknown" },
  };
  await stages.add([
    ["event", "{"],
    ["other", "x"],
    ["event", JSON.stringify(unknown)],
    documentEvent("behind"),
  ]);
  await until("nothing is left", isCaughtUp);

  const letters = JSON.parse(await stages.stream("--json", "XRANGE", DEAD_LETTERS, "-", "+")) as [
    string,
    string[],
  ][];
  const fields = letters.map(([, list]) => Object.fromEntries(pairs(list)));
  expect(fields.map(({ attempts }) => attempts)).toEqual(["1", "1", "4"]);
  expect(fields[2]).toMatchObject({ event: JSON.stringify(unknown), stream: STREAM, group: GROUP });
  expect(fields[2]?.["error"]).toContain("the producing stage has no result of: unknown");
  await until("the one behind is processed", async () => (await processed("document_id = 'behind'")) === 1);
});

test("a dry run logs the events and processes none (002-048)", async () => {
  await restartConsumer({ AUTO_PROCESS: "false" });
  await stages.add([documentEvent("dry")]);
  await until("nothing is left", isCaughtUp);

  const [line] = await stages.logged(consumer, "event_consumed_not_processed");
  expect(line).toMatchObject({ type: DOCUMENT, id: "event-of-dry", auto_process: false });
  expect(await stages.sql("stage2_nlp", "SELECT count(*) FROM documents WHERE document_id = 'dry'")).toBe(
    "0",
  );
});

test("a backlog of 350 is processed in batches of 100, and no lag is left (002-051)", async () => {
  await docker("rm", "-f", consumer);
  await stages.add(Array.from({ length: 350 }, (_, index) => documentEvent(`backlog-${index}`)));
  await restartConsumer({ EVENT_PROCESS_BACKLOG: "true", EVENT_BACKLOG_BATCH_SIZE: "100" });
  await until("nothing is left", isCaughtUp);

  expect(await stages.logged(consumer, "backlog_processing_started")).toMatchObject([{ count: 350 }]);
  expect(await stages.logged(consumer, "backlog_batch_processed")).toMatchObject([
    { batch: 1, events: 100 },
    { batch: 2, events: 100 },
    { batch: 3, events: 100 },
    { batch: 4, events: 50 },
  ]);
  expect(await stages.logged(consumer, "backlog_processing_completed")).toMatchObject([{ total: 350 }]);
  expect(await stages.stream("XPENDING", STREAM, GROUP)).toMatch(/^0/);
  await until("all are processed", async () => (await processed("document_id LIKE 'backlog-%'")) === 350);
});

test("a group that vanished comes back, and nothing is processed twice", async () => {
  const before = (await stages.logged(consumer, "event_consumed")).length;
  await stages.stream("XGROUP", "DESTROY", STREAM, GROUP);
  await stages.add([documentEvent("after")]);
  await until("the new event is processed", async () => (await processed("document_id = 'after'")) === 1);
  await until("nothing is left", isCaughtUp);

  const consumed = (await stages.logged(consumer, "event_consumed")).slice(before);
  // Those of the dry run and the dead letters were never processed, so they are taken again.
  expect(consumed).toHaveLength(3);
  const ids = new Set(consumed.map(({ id }) => id));
  expect(ids).toEqual(new Set(["event-of-after", "event-of-dry", "unknown"]));
});

test("another consumer takes over what a dead one left", async () => {
  await stages.add([documentEvent("left-behind")]);
  await docker("kill", consumer);
  await stages.add([documentEvent("taken-over")]);
  await stages.stream("XREADGROUP", "GROUP", GROUP, "somebody-else", "COUNT", "10", "STREAMS", STREAM, ">");
  await restartConsumer({
    EVENT_MAX_RETRIES: "0",
    EVENT_BATCH_SIZE: "1",
    EVENT_CONCURRENT_TASKS: "1",
    EVENT_RETRY_DELAY_SECONDS: "0",
  });
  await until("nothing is left", isCaughtUp);

  const consumed = await stages.logged(consumer, "event_consumed");
  expect(consumed.map(({ id }) => id)).toContain("event-of-taken-over");
  const both = "document_id IN ('left-behind', 'taken-over')";
  await until("both are processed", async () => (await processed(both)) === 2);
});

test("a consumer that is not enabled says so and ends (002-112)", async () => {
  await docker("rm", "-f", consumer);
  consumer = await stages.startService(stages.nlp, "event-consumer", { EVENT_CONSUMER_ENABLED: "false" });
  await until("it ends", async () => (await stages.logged(consumer, "consumer_not_enabled")).length > 0);
  await docker("stop", consumer);

  expect(await docker("inspect", "--format={{.State.ExitCode}}", consumer)).toBe("1");
});

function pairs(list: readonly string[]): [string, string][] {
  return Array.from({ length: list.length / 2 }, (_, index) => [
    list[2 * index] ?? "",
    list[2 * index + 1] ?? "",
  ]);
}
