import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { eventEnvironment } from "../../../../components/stage/environment/events.ts";
import type { StageSubscription } from "../../../../components/stage/event-declarations.ts";
import { EVENTS_LABEL, eventLabels } from "../../../../components/stage/event-labels.ts";
import { eventSettings } from "../../../../components/stage/event-settings.ts";
import { publicationOf, subscriptionsOf } from "../../../../components/stage/events.ts";
import { renderedFile } from "../../../../components/stage/service-files.ts";

const orchestrator = { kind: "orchestrator" } as const;
const consumer = { kind: "consumer", health: { kind: "none", reason: "test" } } as const;

const cleaning: StageDefinition = {
  number: 1,
  name: "cleaning",
  image: { reference: "cleaning:1" },
  services: { orchestrator },
  publishes: {
    types: ["com.storytelling.cleaning.document.cleaned", "com.storytelling.cleaning.job.completed"],
  },
};

function nlp(
  subscription: Partial<StageSubscription> = {},
  changes: Partial<StageDefinition> = {},
): StageDefinition {
  return {
    number: 2,
    name: "nlp",
    image: { reference: "nlp:1" },
    services: { orchestrator, "event-consumer": consumer },
    subscribes: [{ from: "cleaning", ...subscription }],
    ...changes,
  };
}

const servers = {
  broker: { host: "redis-broker", port: 6379, databases: 32, ready: [] },
  cache: { host: "redis-cache", port: 6379, databases: 32, ready: [] },
};

describe("what a stage publishes", () => {
  test("is the stream of the sources in the stage's cache database (002-010, 002-011)", () => {
    expect(publicationOf(cleaning)).toEqual({
      server: "cache",
      database: 1,
      stream: "stage1:cleaning:events",
      types: cleaning.publishes?.types,
      maxLength: 100_000,
    });
    expect(publicationOf({ ...cleaning, number: 2, name: "nlp" })).toMatchObject({
      stream: "stage2:nlp:events",
      database: 3,
    });
  });

  test("can be anywhere, and kept by age instead of length (C-09, 001-042)", () => {
    const publishes = {
      types: ["com.example.a.b"],
      stream: "mine",
      location: { server: "broker", database: 20 },
      retention: { maxAge: "24h" },
    } as const;

    expect(publicationOf({ ...cleaning, publishes })).toEqual({
      server: "broker",
      database: 20,
      stream: "mine",
      types: ["com.example.a.b"],
      maxAgeMs: 86_400_000,
    });
  });

  test("is nothing for a stage without events", () => {
    expect(publicationOf(nlp())).toBeUndefined();
  });
});

describe("the settings file of a consumer (002-023 to 002-042, 002-064)", () => {
  function settings(stage: StageDefinition): unknown {
    const [file] = eventSettings(stage, "event-consumer", { ...servers, peers: [cleaning, stage] });
    return file && parse(renderedFile(file).content as string);
  }

  test("has the keys and the values of the sources", () => {
    expect(settings(nlp())).toEqual({
      event_consumer: {
        enabled: true,
        source_stream: "stage1:cleaning:events",
        redis_host: "redis-cache",
        redis_port: 6379,
        redis_db: 1,
        consumer_group: "stage2-nlp-processor",
        consumer_name: "$" + "{HOSTNAME}",
        consume_events: [
          "com.storytelling.cleaning.document.cleaned",
          "com.storytelling.cleaning.job.completed",
        ],
        auto_process: true,
        batch_mode: true,
        poll_interval_ms: 1000,
        batch_size: 10,
        concurrent_tasks: 4,
        retry_failed: true,
        max_retries: 3,
        retry_delay_seconds: 5,
        dead_letter_stream: "stage2:nlp:failed-events",
        check_already_processed: true,
        deduplication_ttl_hours: 24,
        process_backlog: false,
        backlog_batch_size: 100,
        backlog_max_age_hours: 24,
      },
    });
  });

  test("lists every subscription where there are several", () => {
    const other = { ...cleaning, number: 3, name: "embeddings" };
    const stage = nlp({}, { subscribes: [{ from: "cleaning" }, { from: "embeddings" }] });
    const [file] = eventSettings(stage, "event-consumer", { ...servers, peers: [cleaning, other] });

    expect(file?.data).toMatchObject({ event_consumers: [{}, {}] });
  });

  test("is left to a service that brings its own, and is not given to services of another kind", () => {
    const own = [{ path: "/app/config/settings.yaml", data: {} }];
    const services = { orchestrator, "event-consumer": { ...consumer, files: own } };

    expect(settings(nlp({}, { services }))).toBeUndefined();
    expect(eventSettings(nlp(), "orchestrator", { ...servers, peers: [cleaning] })).toEqual([]);
  });
});

describe("the variables of events", () => {
  function variables(stage: StageDefinition) {
    return eventEnvironment(stage, { ...servers, peers: [cleaning, stage] });
  }

  test("lead a publisher to its stream", () => {
    expect(variables(cleaning)).toEqual({
      EVENT_PUBLISH_STREAM: "stage1:cleaning:events",
      EVENT_PUBLISH_URL: "redis://redis-cache:6379/1",
      EVENT_PUBLISH_TYPES:
        "com.storytelling.cleaning.document.cleaned,com.storytelling.cleaning.job.completed",
      EVENT_PUBLISH_MAX_LENGTH: "100000",
    });
  });

  test("lead a consumer to the producer's stream, by both conventions (002-014, 002-043, 002-044, C-08)", () => {
    expect(variables(nlp())).toMatchObject({
      EVENT_CONSUMER_ENABLED: "true",
      AUTO_PROCESS: "true",
      EVENT_REDIS_HOST: "redis-cache",
      EVENT_REDIS_PORT: "6379",
      EVENT_REDIS_DB: "1",
      EVENT_REDIS_URL: "redis://redis-cache:6379/1",
      EVENT_STREAM: "stage1:cleaning:events",
      EVENT_GROUP: "stage2-nlp-processor",
      EVENT_DEAD_LETTER_STREAM: "stage2:nlp:failed-events",
      STAGE1_EVENT_STREAM: "stage1:cleaning:events",
      STAGE1_EVENT_REDIS_URL: "redis://redis-cache:6379/1",
      STAGE1_EVENT_GROUP: "stage2-nlp-processor",
      STAGE1_EVENT_DEAD_LETTER_STREAM: "stage2:nlp:failed-events",
    });
  });

  test.each<[Partial<StageSubscription>, string, string]>([
    [{ dryRun: true }, "AUTO_PROCESS", "false"],
    [{ group: "stage2-nlp-processor-prod" }, "EVENT_GROUP", "stage2-nlp-processor-prod"],
    [
      { types: ["com.storytelling.cleaning.job.completed"] },
      "EVENT_TYPES",
      "com.storytelling.cleaning.job.completed",
    ],
    [{ batchMode: false }, "EVENT_BATCH_MODE", "false"],
    [{ pollInterval: "2s" }, "EVENT_POLL_INTERVAL_MS", "2000"],
    [{ batchSize: 50 }, "EVENT_BATCH_SIZE", "50"],
    [{ concurrentTasks: 1 }, "EVENT_CONCURRENT_TASKS", "1"],
    [{ maxRetries: 0 }, "EVENT_MAX_RETRIES", "0"],
    [{ retryDelay: "500ms" }, "EVENT_RETRY_DELAY_SECONDS", "0.5"],
    [{ deduplication: "1h" }, "EVENT_DEDUPLICATION_SECONDS", "3600"],
    [{ deadLetterStream: "lost" }, "EVENT_DEAD_LETTER_STREAM", "lost"],
    [{ backlog: { batchSize: 10, maxAge: "1h" } }, "EVENT_PROCESS_BACKLOG", "true"],
    [{ backlog: { batchSize: 10 } }, "EVENT_BACKLOG_BATCH_SIZE", "10"],
    [{ backlog: { maxAge: "1h" } }, "EVENT_BACKLOG_MAX_AGE_SECONDS", "3600"],
  ])("%j changes %s to %s", (subscription, variable, value) => {
    expect(variables(nlp(subscription))[variable]).toBe(value);
  });

  test("are none for a stage without events", () => {
    const { publishes: _publishes, ...silent } = cleaning;

    expect(variables(silent)).toEqual({});
  });
});

describe("the declaration for the keeper of streams", () => {
  test("has the stream that a stage publishes and the groups with which it reads", () => {
    const both = nlp({ start: "$" }, { publishes: { types: ["com.example.nlp.done"] } });

    expect(JSON.parse(eventLabels(both, [cleaning, both])[EVENTS_LABEL] ?? "")).toEqual({
      streams: [{ server: "cache", database: 3, stream: "stage2:nlp:events", maxLength: 100_000 }],
      groups: [
        {
          server: "cache",
          database: 1,
          stream: "stage1:cleaning:events",
          group: "stage2-nlp-processor",
          start: "$",
        },
      ],
    });
  });

  test("is no label for a stage without events", () => {
    expect(eventLabels(nlp({}, { subscribes: [] }), [])).toEqual({});
  });
});

test("a subscription to a stage that is not there, or publishes nothing, is none: the checks have told it", () => {
  expect(subscriptionsOf(nlp(), [])).toEqual([]);
  expect(subscriptionsOf(nlp(), [{ ...nlp(), number: 1, name: "cleaning" }])).toEqual([]);
});
