import type { RedisServer } from "../core/handles.ts";
import type { JsonValue, RenderedFile, StageDefinition } from "./definition.ts";
import { type Subscription, subscriptionsOf } from "./events.ts";

/** Where a consumer of the sources reads its settings (`002-064`). */
const SETTINGS_PATH = "/app/config/settings.yaml";

/**
 * The settings file of a consumer, for applications that read one before their environment (C-38). Nothing for a
 * service of another kind, and for one whose definition has this file.
 */
export function eventSettings(
  stage: StageDefinition,
  serviceName: string,
  { peers, ...servers }: { readonly peers: readonly StageDefinition[] } & Servers,
): RenderedFile[] {
  const service = stage.services[serviceName];
  const isGiven = service?.files?.some(({ path }) => path === SETTINGS_PATH) === true;
  if (service?.kind !== "consumer" || isGiven) return [];
  const blocks = subscriptionsOf(stage, peers).map((each) => consumerBlock(each, servers));
  const [main, ...others] = blocks;
  if (main === undefined) return [];
  const data = { event_consumer: main, ...(others.length === 0 ? {} : { event_consumers: blocks }) };
  return [{ path: SETTINGS_PATH, data }];
}

interface Servers {
  readonly broker: RedisServer;
  readonly cache: RedisServer;
}

/** The keys are the sources' (`002-023` to `002-042`). Secrets are not among them: they stay in the environment. */
function consumerBlock(subscription: Subscription, servers: Servers): JsonValue {
  const server = servers[subscription.server];
  return {
    enabled: true,
    source_stream: subscription.stream,
    redis_host: server.host,
    redis_port: server.port,
    redis_db: subscription.database,
    consumer_group: subscription.group,
    consumer_name: "${HOSTNAME}",
    consume_events: subscription.types,
    auto_process: subscription.autoProcess,
    batch_mode: subscription.batchMode,
    poll_interval_ms: subscription.pollIntervalMs,
    batch_size: subscription.batchSize,
    concurrent_tasks: subscription.concurrentTasks,
    retry_failed: subscription.maxRetries > 0,
    max_retries: subscription.maxRetries,
    retry_delay_seconds: subscription.retryDelaySeconds,
    dead_letter_stream: subscription.deadLetterStream,
    check_already_processed: true,
    deduplication_ttl_hours: subscription.deduplicationSeconds / 3600,
    process_backlog: subscription.processBacklog,
    backlog_batch_size: subscription.backlogBatchSize,
    backlog_max_age_hours: subscription.backlogMaxAgeSeconds / 3600,
  };
}
