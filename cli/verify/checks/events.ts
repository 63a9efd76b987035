import type { StageSummary, SubscriptionSummary } from "../../../stacks/outputs.ts";
import { deadLetterCount } from "../../events/dead-letters.ts";
import { groupState } from "../../events/group-state.ts";
import { redisCommands } from "../../events/redis-commands.ts";
import { type Check, expectThat, type Finding } from "../check.ts";
import type { VerifyContext } from "../context.ts";
import { eventually } from "../patience.ts";

/** The keeper looks every 5 seconds, and a consumer asks every second. */
const READY_SECONDS = 30;

/** A consumer that has not asked for so long does not run. */
const LONGEST_SILENCE_MILLISECONDS = 60_000;

/** The events that a stage takes: its group is there, is read, and has no dead letters (`002-046`, `002-053`, `002-059`). */
export function eventChecks(context: VerifyContext, stage: StageSummary): Check[] {
  return stage.subscriptions.map((subscription) => ({
    name: `${stage.name}: the group ${subscription.group} of ${subscription.stream} is read`,
    source: "002-046, 002-102",
    remedy: `see \`storytelling events groups ${stage.name}\` and \`docker logs storytelling-event-streams\``,
    run: async () => eventually(READY_SECONDS, () => readGroup(context, subscription)),
  }));
}

async function readGroup({ docker }: VerifyContext, subscription: SubscriptionSummary): Promise<Finding> {
  const { server, database, stream, group, deadLetterStream } = subscription;
  const redis = redisCommands(docker, `storytelling-redis-${server}`, database);
  const state = await groupState(redis, stream, group);
  expectThat(state !== undefined, "there is no such group");
  const idle = state.idleMilliseconds;
  expectThat(idle !== undefined, "no consumer has ever asked for events");
  expectThat(idle < LONGEST_SILENCE_MILLISECONDS, `no consumer has asked for ${Math.round(idle / 1000)} s`);
  const letters = await deadLetterCount(redis, deadLetterStream);
  const detail = `${state.pending} pending, lag ${state.lag ?? "unknown"}, ${letters} dead letters`;
  return letters === 0 ? { detail } : { detail, warning: true };
}
