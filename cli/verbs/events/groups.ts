import { deadLetterCount } from "../../events/dead-letters.ts";
import { openEventScene, subscribersIn } from "../../events/event-scene.ts";
import { groupState } from "../../events/group-state.ts";
import { say } from "../../ui/say.ts";
import { table } from "../../ui/table.ts";
import type { StackOptions } from "./options.ts";

/** Shows how far each consumer group is. Returns the exit code. */
export async function groups(stageName: string | undefined, options: StackOptions): Promise<number> {
  const scene = await openEventScene(options.stack);
  const rows = await Promise.all(
    subscribersIn(scene, stageName).map(async ({ stage, subscription }) => {
      const redis = scene.redisOf(subscription);
      const { stream, group, deadLetterStream } = subscription;
      return {
        stage: stage.name,
        stream,
        group,
        state: await groupState(redis, stream, group),
        deadLetters: await deadLetterCount(redis, deadLetterStream),
      };
    }),
  );
  if (options.json === true) say(JSON.stringify(rows, undefined, 2));
  else
    say(
      table(
        ["STAGE", "STREAM", "GROUP", "LAG", "PENDING", "CONSUMERS", "IDLE", "LAST DELIVERED", "DEAD LETTERS"],
        rows.map(({ stage, stream, group, state, deadLetters: dead }) => [
          stage,
          stream,
          group,
          ...(state === undefined
            ? ["not there", "", "", "", ""]
            : [
                state.lag ?? "unknown",
                state.pending,
                state.consumers,
                state.idleMilliseconds === undefined ? "" : `${(state.idleMilliseconds / 1000).toFixed(1)} s`,
                state.lastDeliveredId,
              ]),
          dead,
        ]),
      ),
    );
  return rows.some(({ state }) => state === undefined) ? 1 : 0;
}
