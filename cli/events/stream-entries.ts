import { z } from "zod";
import type { RedisCommands } from "./redis-commands.ts";

/** An entry of a stream with its fields. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** The newest entries, the oldest of them first. */
export async function newestEntries(
  redis: RedisCommands,
  stream: string,
  count: number,
): Promise<StreamEntry[]> {
  return toEntries(await redis("XREVRANGE", stream, "+", "-", "COUNT", count)).reverse();
}

/** Entries between two ids, both included; `(` before an id leaves it out. */
export async function entriesBetween(
  redis: RedisCommands,
  stream: string,
  from: string,
  to: string,
  count: number,
): Promise<StreamEntry[]> {
  return toEntries(await redis("XRANGE", stream, from, to, "COUNT", count));
}

function toEntries(answer: unknown): StreamEntry[] {
  return (answer as readonly (readonly [string, readonly string[]])[]).map(([id, list]) => ({
    id,
    fields: pairs(list),
  }));
}

/** Redis answers with names and values in turn. */
function pairs(list: readonly string[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let index = 0; index + 1 < list.length; index += 2)
    fields[list[index] as string] = list[index + 1] as string;
  return fields;
}

/** What a CloudEvent says of itself, as far as it can be read. */
export interface EventSummary {
  readonly id: string;
  readonly type: string;
  readonly subject: string;
}

const cloudEvent = z.object({ id: z.string(), type: z.string(), subject: z.string().default("") });

/** A text that is no CloudEvent has none of the three. */
export function summarise(event = ""): EventSummary {
  try {
    return cloudEvent.parse(JSON.parse(event));
  } catch {
    return { id: "", type: "", subject: "" };
  }
}
