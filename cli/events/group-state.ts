import type { RedisCommands } from "./redis-commands.ts";

/** How far a consumer group is. */
export interface GroupState {
  /** Entries that it has not been given yet; undefined where Redis cannot tell after a trim. */
  readonly lag: number | undefined;
  /** Entries that it was given and has not acknowledged. */
  readonly pending: number;
  readonly consumers: number;
  /** Since a consumer last asked; undefined without one. */
  readonly idleMilliseconds: number | undefined;
  readonly lastDeliveredId: string;
}

interface GroupInfo {
  readonly name: string;
  readonly consumers: number;
  readonly pending: number;
  readonly "last-delivered-id": string;
  readonly lag: number | null;
}

/** The state of a group, or undefined when it or its stream is not there. */
export async function groupState(
  redis: RedisCommands,
  stream: string,
  group: string,
): Promise<GroupState | undefined> {
  if ((await redis("EXISTS", stream)) === 0) return undefined;
  const groups = (await redis("XINFO", "GROUPS", stream)) as readonly GroupInfo[];
  const found = groups.find(({ name }) => name === group);
  if (found === undefined) return undefined;
  const consumers = (await redis("XINFO", "CONSUMERS", stream, group)) as readonly {
    readonly idle: number;
  }[];
  return {
    lag: found.lag ?? undefined,
    pending: found.pending,
    consumers: found.consumers,
    idleMilliseconds: consumers.length === 0 ? undefined : Math.min(...consumers.map(({ idle }) => idle)),
    lastDeliveredId: found["last-delivered-id"],
  };
}
