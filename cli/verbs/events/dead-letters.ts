import { UserError } from "../../../components/core/errors.ts";
import { deadLetters, retryDeadLetter } from "../../events/dead-letters.ts";
import { openEventScene, subscribersIn } from "../../events/event-scene.ts";
import { summarise } from "../../events/stream-entries.ts";
import { MARKS, note, say } from "../../ui/say.ts";
import { table } from "../../ui/table.ts";
import type { StackOptions } from "./options.ts";

/** Shows the events that a stage could not process. Returns the exit code. */
export async function listDeadLetters(stageName: string, options: StackOptions): Promise<number> {
  const scene = await openEventScene(options.stack);
  for (const { subscription } of subscribersIn(scene, stageName)) {
    const letters = await deadLetters(scene.redisOf(subscription), subscription.deadLetterStream);
    if (options.json === true) {
      for (const { id, fields } of letters) say(JSON.stringify({ id, ...fields }));
      continue;
    }
    say(`${subscription.deadLetterStream}: ${letters.length} dead letters`);
    if (letters.length === 0) continue;
    const rows = letters.map(({ id, fields }) => {
      const { type, subject } = summarise(fields["event"]);
      return [id, type, subject, fields["attempts"] ?? "", fields["failed_at"] ?? "", fields["error"] ?? ""];
    });
    say(table(["ID", "TYPE", "SUBJECT", "ATTEMPTS", "FAILED AT", "ERROR"], rows));
  }
  return 0;
}

export interface RetryOptions extends StackOptions {
  readonly id?: readonly string[];
  readonly all?: true;
  readonly dryRun?: true;
}

/** Puts dead letters back into the stream from which they came. Returns the exit code. */
export async function retryDeadLetters(stageName: string, options: RetryOptions): Promise<number> {
  if ((options.id === undefined) === (options.all === undefined)) {
    throw new UserError("say which dead letters: --id <id> for some, --all for all of them");
  }
  const scene = await openEventScene(options.stack);
  let retried = 0;
  for (const { subscription } of subscribersIn(scene, stageName)) {
    const { stream, deadLetterStream } = subscription;
    const redis = scene.redisOf(subscription);
    const letters = await deadLetters(redis, deadLetterStream);
    const wanted = letters.filter(({ id }) => options.id === undefined || options.id.includes(id));
    for (const { id } of wanted) {
      if (options.dryRun === true) say(`${id} would go back to ${stream}`);
      else {
        const newId = await retryDeadLetter(redis, deadLetterStream, stream, id);
        if (newId === undefined) continue;
        say(`${MARKS.done} ${id} is back in ${stream} as ${newId}`);
      }
      retried += 1;
    }
  }
  if (retried === 0)
    note(`${MARKS.warning} there is no such dead letter: \`storytelling events dlq list ${stageName}\``);
  return retried === 0 && options.all !== true ? 1 : 0;
}
