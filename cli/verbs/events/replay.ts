import { UserError } from "../../../components/core/errors.ts";
import { markPrefix, openEventScene, subscribersIn } from "../../events/event-scene.ts";
import { groupState } from "../../events/group-state.ts";
import { parseStart, planReplay, replay as runReplay } from "../../events/replay.ts";
import { confirm, isInteractive } from "../../ui/ask.ts";
import { MARKS, say } from "../../ui/say.ts";
import type { StackOptions } from "./options.ts";

export interface ReplayOptions extends StackOptions {
  readonly from: string;
  readonly again?: true;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** Delivers events to a stage once more. Returns the exit code. */
export async function replay(stageName: string, options: ReplayOptions): Promise<number> {
  const from = parseStart(options.from);
  const scene = await openEventScene(options.stack);
  for (const { stage, subscription } of subscribersIn(scene, stageName)) {
    const { stream, group } = subscription;
    const redis = scene.redisOf(subscription);
    const state = await groupState(redis, stream, group);
    if (state === undefined) throw new UserError(`${stream} has no group ${group} yet: run \`npm run up\``);
    const plan = await planReplay(redis, stream, from, markPrefix(stage));
    say(
      `${stream} from ${options.from}: ${plan.entries} events go to ${group} again, and to no other group.`,
    );
    if (plan.marks.length > 0 && options.again !== true) {
      say(
        `${plan.marks.length} of them were processed and will be skipped; --again processes them once more.`,
      );
    }
    if (state.pending > 0) {
      say(
        `${MARKS.warning} ${state.pending} events are with consumers right now and may be processed twice.`,
      );
    }
    if (options.dryRun === true) continue;
    await assertWanted(options);
    await runReplay(redis, stream, group, plan, options.again === true);
    say(`${MARKS.done} ${group} goes on after ${plan.afterId}`);
  }
  return 0;
}

async function assertWanted({ yes }: ReplayOptions): Promise<void> {
  if (yes === true) return;
  if (!isInteractive()) throw new UserError("replay asks first, and nobody can answer here: say `--yes`");
  if (!(await confirm("Deliver them again?"))) throw new UserError("nothing was changed");
}
