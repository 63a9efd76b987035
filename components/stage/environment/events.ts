import type { Environment } from "../../core/environment.ts";
import { redisUrl } from "../../core/redis-url.ts";
import type { StageDefinition } from "../definition.ts";
import {
  type EventStream,
  type Publication,
  publicationOf,
  type Subscription,
  subscriptionsOf,
} from "../events.ts";
import type { StageConnections } from "./connections.ts";

/** What a stage publishes and what it takes of others, in every service of the stage. */
export function eventEnvironment(stage: StageDefinition, connections: StageConnections): Environment {
  const publication = publicationOf(stage);
  const subscriptions = subscriptionsOf(stage, connections.peers);
  const [main] = subscriptions;
  return {
    ...(publication === undefined ? {} : publisherEnvironment(publication, connections)),
    ...(main === undefined ? {} : consumerEnvironment(main, connections)),
    ...Object.fromEntries(
      subscriptions.flatMap((each) => Object.entries(producerEnvironment(each, connections))),
    ),
  };
}

function publisherEnvironment(publication: Publication, connections: StageConnections): Environment {
  return {
    EVENT_PUBLISH_STREAM: publication.stream,
    EVENT_PUBLISH_URL: urlOf(publication, connections),
    EVENT_PUBLISH_TYPES: publication.types.join(","),
    ...(publication.maxLength === undefined
      ? {}
      : { EVENT_PUBLISH_MAX_LENGTH: String(publication.maxLength) }),
  };
}

/** The stage's first subscription, by the names that one consumer needs (`002-014`, `002-044`, C-08). */
function consumerEnvironment(subscription: Subscription, connections: StageConnections): Environment {
  const server = connections[subscription.server];
  return {
    EVENT_CONSUMER_ENABLED: "true",
    AUTO_PROCESS: String(subscription.autoProcess),
    EVENT_REDIS_HOST: server.host,
    EVENT_REDIS_PORT: String(server.port),
    EVENT_REDIS_DB: String(subscription.database),
    EVENT_REDIS_URL: urlOf(subscription, connections),
    EVENT_STREAM: subscription.stream,
    EVENT_GROUP: subscription.group,
    EVENT_DEAD_LETTER_STREAM: subscription.deadLetterStream,
    EVENT_TYPES: subscription.types.join(","),
    EVENT_BATCH_MODE: String(subscription.batchMode),
    EVENT_POLL_INTERVAL_MS: String(subscription.pollIntervalMs),
    EVENT_BATCH_SIZE: String(subscription.batchSize),
    EVENT_CONCURRENT_TASKS: String(subscription.concurrentTasks),
    EVENT_MAX_RETRIES: String(subscription.maxRetries),
    EVENT_RETRY_DELAY_SECONDS: String(subscription.retryDelaySeconds),
    EVENT_DEDUPLICATION_SECONDS: String(subscription.deduplicationSeconds),
    EVENT_PROCESS_BACKLOG: String(subscription.processBacklog),
    EVENT_BACKLOG_BATCH_SIZE: String(subscription.backlogBatchSize),
    EVENT_BACKLOG_MAX_AGE_SECONDS: String(subscription.backlogMaxAgeSeconds),
  };
}

/** One producer of several, `STAGE{M}_…` (`002-043`). */
function producerEnvironment(subscription: Subscription, connections: StageConnections): Environment {
  const prefix = `STAGE${subscription.producer.number}_EVENT`;
  return {
    [`${prefix}_STREAM`]: subscription.stream,
    [`${prefix}_REDIS_URL`]: urlOf(subscription, connections),
    [`${prefix}_GROUP`]: subscription.group,
    [`${prefix}_DEAD_LETTER_STREAM`]: subscription.deadLetterStream,
  };
}

function urlOf({ server, database }: EventStream, connections: StageConnections): Environment[string] {
  return redisUrl(connections[server], database);
}
