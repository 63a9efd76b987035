import type { Command } from "commander";
import { stackVerb } from "./stack-verb.ts";
import type { RetryOptions } from "./verbs/events/dead-letters.ts";
import type { StackOptions } from "./verbs/events/options.ts";
import type { ReplayOptions } from "./verbs/events/replay.ts";
import type { TailOptions } from "./verbs/events/tail.ts";

/** The verbs below `events`; all of them work on the running Redis. */
export function addEventVerbs(program: Command): void {
  const events = program
    .command("events")
    .description("look at events between stages, retry and replay them");

  stackVerb(events, "tail", "show the newest events of a stage")
    .argument("<stage>", "the stage that publishes")
    .option("--count <n>", "how many at most", "20")
    .option("--from <start>", "from this entry or time on, the oldest first")
    .option("--to <end>", "with --from: up to this entry or time")
    .option("--follow", "go on with what comes")
    .option("--json", "print one JSON object a line")
    .action(async (stage: string, options: TailOptions) => {
      const { tail } = await import("./verbs/events/tail.ts");
      process.exitCode = await tail(stage, options);
    });

  stackVerb(events, "groups", "show how far each consumer group is")
    .argument("[stage]", "the stage that subscribes")
    .option("--json", "print the rows as JSON")
    .action(async (stage: string | undefined, options: StackOptions) => {
      const { groups } = await import("./verbs/events/groups.ts");
      process.exitCode = await groups(stage, options);
    });

  stackVerb(events, "replay", "deliver events to a stage once more")
    .argument("<stage>", "the stage that subscribes")
    .requiredOption("--from <start>", "0 for all, the id of an entry, or a time such as 2026-11-24T10:00:00Z")
    .option("--again", "also process events that were processed already")
    .option("--dry-run", "say what would be delivered, and change nothing")
    .option("--yes", "do not ask")
    .action(async (stage: string, options: ReplayOptions) => {
      const { replay } = await import("./verbs/events/replay.ts");
      process.exitCode = await replay(stage, options);
    });

  const dlq = events.command("dlq").description("the events that a stage could not process");
  stackVerb(dlq, "list", "show them with their errors")
    .argument("<stage>", "the stage that subscribes")
    .option("--json", "print one JSON object a line")
    .action(async (stage: string, options: StackOptions) => {
      const { listDeadLetters } = await import("./verbs/events/dead-letters.ts");
      process.exitCode = await listDeadLetters(stage, options);
    });
  stackVerb(dlq, "retry", "put them back into the stream from which they came")
    .argument("<stage>", "the stage that subscribes")
    .option("--id <id...>", "these only")
    .option("--all", "all of them")
    .option("--dry-run", "say what would be put back, and change nothing")
    .action(async (stage: string, options: RetryOptions) => {
      const { retryDeadLetters } = await import("./verbs/events/dead-letters.ts");
      process.exitCode = await retryDeadLetters(stage, options);
    });
}
