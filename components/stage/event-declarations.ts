import type { Duration } from "../core/units.ts";

/** Where a stream lives. */
export interface StreamLocation {
  /** `cache` unless given (`002-010`, C-32). */
  readonly server?: "cache" | "broker";
  /** The producing stage's database on that server, `2N-1` of the cache, unless given. */
  readonly database?: number;
}

/** The events that a stage publishes, in one stream. */
export interface StagePublication {
  /** CloudEvents types, for example `com.storytelling.cleaning.document.cleaned` (C-35). */
  readonly types: readonly string[];
  /** Key of the stream. `stage{N}:{name}:events` unless given (`002-010`). */
  readonly stream?: string;
  readonly location?: StreamLocation;
  /** What is kept. 100,000 entries unless given. */
  readonly retention?: StreamRetention;
}

/** Entries older or further back than either limit go, read or not (`001-042`). */
export interface StreamRetention {
  /** Entries. */
  readonly maxLength?: number;
  readonly maxAge?: Duration;
}

/** The events of another stage that this one takes; its consumer finds all of it in its environment and settings file. */
export interface StageSubscription {
  /** Name of the producing stage. */
  readonly from: string;
  /** Types that are processed; others are acknowledged and left alone. All that the producer publishes unless given. */
  readonly types?: readonly string[];
  /** Consumer group. `stage{N}-{name}-processor` unless given (`002-026`). */
  readonly group?: string;
  /** Where a new group begins: with the first entry that is there, or with the next one. `0` unless given. */
  readonly start?: "0" | "$";
  /** Stream of the events that failed, beside the consumed one. `stage{N}:{name}:failed-events` unless given (`002-037`, C-09). */
  readonly deadLetterStream?: string;
  /** Events are logged and acknowledged, and nothing is processed (`002-048`). Off unless given. */
  readonly dryRun?: boolean;
  /** A finished job is processed as one batch (`002-029`). On unless given. */
  readonly batchMode?: boolean;
  /** Wait between two looks at an empty stream. 1000ms unless given. */
  readonly pollInterval?: Duration;
  /** Events taken at a time. 10 unless given. */
  readonly batchSize?: number;
  /** Events processed at the same time. 4 unless given. */
  readonly concurrentTasks?: number;
  /** Attempts after the first; 0 sends a failed event to the dead letters at once. 3 unless given. */
  readonly maxRetries?: number;
  /** 5s unless given. */
  readonly retryDelay?: Duration;
  /** How long an event's id is remembered, so that it is processed once. 24h unless given. */
  readonly deduplication?: Duration;
  /** What happens at the start with the entries that wait already. They are taken like new ones unless given (`002-051`). */
  readonly backlog?: StageBacklog;
}

/** Entries that wait are taken first and in batches of their own. */
export interface StageBacklog {
  /** 100 unless given. */
  readonly batchSize?: number;
  /** Older entries are acknowledged and left alone. 24h unless given. */
  readonly maxAge?: Duration;
}
