import type { Problem } from "../../core/errors.ts";
import type { StageDefinition } from "../definition.ts";
import { usesStore } from "../names.ts";

/** What is wrong with the events of one definition; whether a producer is there is for the deployment. */
export function eventProblems(stage: StageDefinition): Problem[] {
  const key = `stages.${stage.name}`;
  const { publishes, subscribes = [] } = stage;
  return [
    ...((publishes !== undefined || subscribes.length > 0) && !usesStore(stage, "redis")
      ? [{ key: `${key}.stores`, reason: 'got no "redis", in which events are; add it to the stores' }]
      : []),
    ...subscribes.flatMap(({ from }, index) =>
      subscriptionProblems(`${key}.subscribes.${index}`, stage, from),
    ),
    ...duplicateProblems(key, stage),
    ...(subscribes.length === 0 ? idleProblems(key, stage) : []),
  ];
}

function subscriptionProblems(key: string, stage: StageDefinition, from: string): Problem[] {
  if (from !== stage.name) return [];
  return [
    {
      key: `${key}.from`,
      reason: `got "${from}", a stage does not take its own events; use a task of the broker instead`,
    },
  ];
}

/** One group for each producer: two would both get every event. */
function duplicateProblems(key: string, { subscribes = [] }: StageDefinition): Problem[] {
  const producers = subscribes.map(({ from }) => from);
  const twice = new Set(producers.filter((from, index) => producers.indexOf(from) !== index));
  return [...twice].map((from) => ({
    key: `${key}.subscribes`,
    reason: `got "${from}" twice; take all of a producer's events in one subscription`,
  }));
}

/** Services that wait for events of a stage that takes none. */
function idleProblems(key: string, { services }: StageDefinition): Problem[] {
  return Object.entries(services).flatMap(([name, { kind, mainRedis }]) => [
    ...(kind === "consumer"
      ? [
          {
            key: `${key}.services.${name}.kind`,
            reason:
              'got "consumer", and the stage subscribes to nothing; add `subscribes`, or remove the service',
          },
        ]
      : []),
    ...(mainRedis === "events"
      ? [
          {
            key: `${key}.services.${name}.mainRedis`,
            reason: 'got "events", and the stage subscribes to nothing; add `subscribes`, or remove it',
          },
        ]
      : []),
  ]);
}
