import { UserError } from "../../components/core/errors.ts";
import type { RedisCommands } from "./redis-commands.ts";
import { entriesBetween, type StreamEntry, summarise } from "./stream-entries.ts";

const PAGE = 1000;

/** What a replay would deliver again. */
export interface ReplayPlan {
  /** Everything after this id is delivered. */
  readonly afterId: string;
  readonly entries: number;
  /** Keys by which the consuming stage remembers that it processed an event. While they are there, it skips the event. */
  readonly marks: readonly string[];
}

/** `0` for everything, an id, or a time such as `2026-11-24T10:00:00Z`. Throws a UserError for anything else. */
export function parseStart(from: string): string {
  if (/^\d+(-\d+)?$/.test(from)) return from;
  // `Date.parse` alone takes almost anything for a time.
  const time = /^\d{4}-\d\d-\d\d/.test(from) ? Date.parse(from) : Number.NaN;
  if (!Number.isNaN(time)) return String(time);
  throw new UserError(
    `--from: got "${from}", allowed are 0 for everything, the id of an entry, or a time such as 2026-11-24T10:00:00Z`,
  );
}

/** Looks at what would be delivered again, and changes nothing. */
export async function planReplay(
  redis: RedisCommands,
  stream: string,
  from: string,
  markPrefix: string,
): Promise<ReplayPlan> {
  const marks: string[] = [];
  let entries = 0;
  let start = from;
  for (;;) {
    const page = await entriesBetween(redis, stream, start, "+", PAGE);
    entries += page.length;
    marks.push(...(await marksOf(redis, page, markPrefix)));
    if (page.length < PAGE) return { afterId: idBefore(from), entries, marks };
    start = `(${page.at(-1)?.id}`;
  }
}

async function marksOf(
  redis: RedisCommands,
  entries: readonly StreamEntry[],
  prefix: string,
): Promise<string[]> {
  const keys = entries.map(({ fields }) => `${prefix}${summarise(fields["event"]).id}`);
  if (keys.length === 0) return [];
  const values = (await redis("MGET", ...keys)) as readonly unknown[];
  return keys.filter((_, index) => values[index] !== null);
}

/** A group goes on after an id, and the entry from which a replay starts is wanted, too. */
function idBefore(id: string): string {
  const [time = "0", sequence = "0"] = id.split("-");
  if (Number(sequence) > 0) return `${time}-${Number(sequence) - 1}`;
  return time === "0" ? "0" : `${BigInt(time) - 1n}-18446744073709551615`;
}

/** Delivers again. With `again`, events that were processed already are processed once more. */
export async function replay(
  redis: RedisCommands,
  stream: string,
  group: string,
  plan: ReplayPlan,
  again: boolean,
): Promise<void> {
  // Marks first: a replay that is cut off here has changed nothing that a second one would miss.
  for (let index = 0; again && index < plan.marks.length; index += PAGE) {
    await redis("DEL", ...plan.marks.slice(index, index + PAGE));
  }
  await redis("XGROUP", "SETID", stream, group, plan.afterId);
}
