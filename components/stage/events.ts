import { type Duration, toMilliseconds } from "../core/units.ts";
import type { StageDefinition } from "./definition.ts";
import type { StagePublication, StageSubscription } from "./event-declarations.ts";
import { cacheDatabase, stageProject } from "./names.ts";

/** Entries of a stream that are kept unless its stage says otherwise. */
const DEFAULT_MAX_LENGTH = 100_000;

/** A stream and where it is. */
export interface EventStream {
  readonly server: "cache" | "broker";
  readonly database: number;
  readonly stream: string;
}

/** The stream that a stage publishes, with everything derived that it does not say. */
export interface Publication extends EventStream {
  readonly types: readonly string[];
  readonly maxLength?: number;
  readonly maxAgeMs?: number;
}

/** What a stage takes from another's stream, with everything derived that it does not say. */
export interface Subscription extends EventStream {
  readonly producer: StageDefinition;
  readonly group: string;
  readonly start: "0" | "$";
  /** In the database of the stream: the application has one connection for both (C-09). */
  readonly deadLetterStream: string;
  readonly types: readonly string[];
  readonly autoProcess: boolean;
  readonly batchMode: boolean;
  readonly pollIntervalMs: number;
  readonly batchSize: number;
  readonly concurrentTasks: number;
  readonly maxRetries: number;
  readonly retryDelaySeconds: number;
  readonly deduplicationSeconds: number;
  readonly processBacklog: boolean;
  readonly backlogBatchSize: number;
  readonly backlogMaxAgeSeconds: number;
}

/** The stream of a stage, or undefined when it publishes nothing. */
export function publicationOf(stage: StageDefinition): Publication | undefined {
  const { publishes } = stage;
  if (publishes === undefined) return undefined;
  return { ...streamOf(stage, publishes), types: publishes.types, ...retentionOf(publishes) };
}

/** `stage{N}:{name}:events` in the stage's own database of the cache, unless the stage names another (`002-010`). */
function streamOf(stage: StageDefinition, { stream, location }: StagePublication): EventStream {
  return {
    server: location?.server ?? "cache",
    database: location?.database ?? cacheDatabase(stage),
    stream: stream ?? `${keyPrefix(stage)}:events`,
  };
}

/** A limit of the age alone stands alone: a burst may then be longer than the default length. */
function retentionOf({ retention = {} }: StagePublication): Pick<Publication, "maxLength" | "maxAgeMs"> {
  const { maxLength, maxAge } = retention;
  if (maxAge === undefined) return { maxLength: maxLength ?? DEFAULT_MAX_LENGTH };
  return { ...(maxLength === undefined ? {} : { maxLength }), maxAgeMs: toMilliseconds(maxAge) };
}

/** What a stage takes of those peers that publish, in the order of its definition. */
export function subscriptionsOf(stage: StageDefinition, peers: readonly StageDefinition[]): Subscription[] {
  return (stage.subscribes ?? []).flatMap((subscription) => {
    const producer = peers.find(({ name }) => name === subscription.from);
    return producer?.publishes === undefined
      ? []
      : [toSubscription(stage, subscription, producer, producer.publishes)];
  });
}

/** The defaults are the sources' (`002-026` to `002-042`). */
function toSubscription(
  stage: StageDefinition,
  given: StageSubscription,
  producer: StageDefinition,
  publication: StagePublication,
): Subscription {
  return {
    ...streamOf(producer, publication),
    producer,
    group: given.group ?? `${stageProject(stage)}-processor`,
    start: given.start ?? "0",
    deadLetterStream: given.deadLetterStream ?? `${keyPrefix(stage)}:failed-events`,
    types: given.types ?? publication.types,
    autoProcess: given.dryRun !== true,
    batchMode: given.batchMode ?? true,
    pollIntervalMs: toMilliseconds(given.pollInterval ?? "1000ms"),
    batchSize: given.batchSize ?? 10,
    concurrentTasks: given.concurrentTasks ?? 4,
    maxRetries: given.maxRetries ?? 3,
    retryDelaySeconds: seconds(given.retryDelay ?? "5s"),
    deduplicationSeconds: seconds(given.deduplication ?? "24h"),
    processBacklog: given.backlog !== undefined,
    backlogBatchSize: given.backlog?.batchSize ?? 100,
    backlogMaxAgeSeconds: seconds(given.backlog?.maxAge ?? "24h"),
  };
}

/** `stage{N}:{name}`, with which every key begins that a stage makes for its events. */
function keyPrefix(stage: StageDefinition): string {
  return `stage${stage.number}:${stage.name}`;
}

function seconds(duration: Duration): number {
  return toMilliseconds(duration) / 1000;
}
