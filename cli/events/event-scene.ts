import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import {
  type EventStream,
  type Publication,
  publicationOf,
  type Subscription,
  subscriptionsOf,
} from "../../components/stage/events.ts";
import { attachedStages } from "../../stacks/attached-stages.ts";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { readConfiguration } from "../pulumi/configuration.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { type RedisCommands, redisCommands } from "./redis-commands.ts";

/** The events of a deployment: who publishes and subscribes what, and the way to the servers. */
export interface EventScene {
  readonly stages: readonly StageDefinition[];
  redisOf(stream: EventStream): RedisCommands;
}

export async function openEventScene(stack: string): Promise<EventScene> {
  const workspace = await openWorkspace(stack);
  const docker: Docker = connectDocker();
  await assertDockerAnswers(docker);
  const config = await readConfiguration(workspace);
  if (config.mode === "standalone") {
    throw new UserError(
      `the stack "${stack}" is standalone: there are no events between stages; give --stack one of the mode "platform"`,
    );
  }
  return {
    stages: attachedStages(config).map(({ definition }) => definition),
    redisOf: ({ server, database }) => redisCommands(docker, `storytelling-redis-${server}`, database),
  };
}

/** What a stage publishes. Throws a UserError that names the stages that do. */
export function publicationIn({ stages }: EventScene, name: string): Publication {
  const stage = stages.find((candidate) => candidate.name === name);
  const publication = stage && publicationOf(stage);
  if (publication !== undefined) return publication;
  throw noSuchStage(name, "publishes events", stages.filter(publicationOf));
}

/** A subscription with the stage that has it. */
export interface StageSubscriber {
  readonly stage: StageDefinition;
  readonly subscription: Subscription;
}

/** Every subscription of the deployment, or those of one stage. Throws a UserError that names the stages that have one. */
export function subscribersIn({ stages }: EventScene, name?: string): StageSubscriber[] {
  const all = stages.flatMap((stage) =>
    subscriptionsOf(stage, stages).map((subscription) => ({ stage, subscription })),
  );
  if (name === undefined) return all;
  const found = all.filter(({ stage }) => stage.name === name);
  if (found.length > 0) return found;
  throw noSuchStage(
    name,
    "subscribes to events",
    all.map(({ stage }) => stage),
  );
}

function noSuchStage(name: string, does: string, stages: readonly StageDefinition[]): UserError {
  const names = [...new Set(stages.map((stage) => stage.name))];
  const known = names.length === 0 ? "none does" : `choose one of ${names.join(", ")}`;
  return new UserError(`no stage "${name}" of this deployment ${does}; ${known}`);
}

/** Keys with which a stage remembers the events that it processed. */
export function markPrefix({ number, name }: StageDefinition): string {
  return `stage${number}:${name}:processed:`;
}
