import { setTimeout as sleep } from "node:timers/promises";
import { UserError } from "../../../components/core/errors.ts";
import { openEventScene, publicationIn } from "../../events/event-scene.ts";
import { parseStart } from "../../events/replay.ts";
import { entriesBetween, newestEntries, type StreamEntry, summarise } from "../../events/stream-entries.ts";
import { say } from "../../ui/say.ts";
import type { StackOptions } from "./options.ts";

export interface TailOptions extends StackOptions {
  readonly count: string;
  readonly follow?: true;
  readonly from?: string;
  readonly to?: string;
}

const POLL_MILLISECONDS = 1000;
const PAGE = 100;

/** Shows the newest events of a stage, or those of a time, and goes on with what comes. Returns the exit code. */
export async function tail(stageName: string, options: TailOptions): Promise<number> {
  const scene = await openEventScene(options.stack);
  const publication = publicationIn(scene, stageName);
  const redis = scene.redisOf(publication);
  const { stream } = publication;
  const count = positive("--count", options.count);
  const entries =
    options.from === undefined
      ? await newestEntries(redis, stream, count)
      : await entriesBetween(redis, stream, parseStart(options.from), endOf(options), count);
  for (const entry of entries) tell(entry, options);
  let last = entries.at(-1)?.id ?? "0";
  while (options.follow === true) {
    const more = await entriesBetween(redis, stream, `(${last}`, "+", PAGE);
    for (const entry of more) tell(entry, options);
    last = more.at(-1)?.id ?? last;
    if (more.length === 0) await sleep(POLL_MILLISECONDS);
  }
  return 0;
}

function endOf({ to }: TailOptions): string {
  return to === undefined ? "+" : parseStart(to);
}

function tell({ id, fields }: StreamEntry, { json }: StackOptions): void {
  if (json === true) return say(JSON.stringify({ id, ...fields }));
  const time = new Date(Number(id.split("-")[0])).toISOString();
  const { type, subject, id: eventId } = summarise(fields["event"]);
  say(`${time}  ${id}  ${type === "" ? "no CloudEvent" : type}  ${subject}  ${eventId}`);
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`${option}: got "${text}", give a whole number from 1`);
}
