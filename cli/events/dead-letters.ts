import type { RedisCommands } from "./redis-commands.ts";
import { entriesBetween, type StreamEntry } from "./stream-entries.ts";

const PAGE = 1000;

/**
 * Puts the event of a dead letter back into its stream and takes the letter away, both or neither, whatever is killed
 * meanwhile. The event comes to every group of the stream again; those that have processed it know its id and skip it.
 */
const RETRY = `
local letter = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not letter then return false end
local event
for index = 1, #letter[2], 2 do
  if letter[2][index] == 'event' then event = letter[2][index + 1] end
end
if not event then return redis.error_reply('dead letter ' .. ARGV[1] .. ' has no event') end
local id = redis.call('XADD', KEYS[2], '*', 'event', event)
redis.call('XDEL', KEYS[1], ARGV[1])
return id`;

export async function deadLetterCount(redis: RedisCommands, deadLetterStream: string): Promise<number> {
  return (await redis("XLEN", deadLetterStream)) as number;
}

/** Every dead letter that is there now. One that comes meanwhile is for the next time. */
export async function deadLetters(redis: RedisCommands, deadLetterStream: string): Promise<StreamEntry[]> {
  const letters: StreamEntry[] = [];
  let from = "-";
  for (;;) {
    const page = await entriesBetween(redis, deadLetterStream, from, "+", PAGE);
    letters.push(...page);
    if (page.length < PAGE) return letters;
    from = `(${page.at(-1)?.id}`;
  }
}

/** The new id of the event in its stream, or undefined when somebody else was quicker. */
export async function retryDeadLetter(
  redis: RedisCommands,
  deadLetterStream: string,
  stream: string,
  id: string,
): Promise<string | undefined> {
  const answer = await redis("EVAL", RETRY, 2, deadLetterStream, stream, id);
  return typeof answer === "string" ? answer : undefined;
}
