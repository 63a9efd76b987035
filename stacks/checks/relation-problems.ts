import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { publicationOf, subscriptionsOf } from "../../components/stage/events.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

/** Stages that are named by another and are not there, or that wait for each other. */
export function relationProblems({ stages }: DeploymentPlan): Problem[] {
  return [...stages.flatMap((stage) => missingStages(stage, stages)), ...callCycles(stages)];
}

function missingStages(stage: StageDefinition, stages: readonly StageDefinition[]): Problem[] {
  const key = `stages.${stage.name}`;
  const byName = new Map(stages.map((each) => [each.name, each]));
  const named: readonly (readonly [string, string])[] = [
    ...(stage.calls ?? []).map((name) => [`${key}.calls`, name] as const),
    ...(stage.reads?.files ?? []).map((name) => [`${key}.reads.files`, name] as const),
    ...(stage.subscribes ?? []).map(({ from }, index) => [`${key}.subscribes.${index}.from`, from] as const),
  ];
  const missing = named
    .filter(([, name]) => !byName.has(name))
    .map(([field, name]) => ({
      key: field,
      reason: `got "${name}", which this deployment does not have; add the line "${name}: {}" under stages, or with { enabled: false } to have its data alone`,
    }));
  return [...missing, ...filesThatNobodyShares(stage, byName), ...typesThatNobodyPublishes(stage, byName)];
}

function filesThatNobodyShares(
  stage: StageDefinition,
  stages: ReadonlyMap<string, StageDefinition>,
): Problem[] {
  return (stage.reads?.files ?? [])
    .filter((name) => stages.has(name) && stages.get(name)?.sharedFiles !== true)
    .map((name) => ({
      key: `stages.${stage.name}.reads.files`,
      reason: `got "${name}", which shares no files; set sharedFiles in its definition, or remove it here`,
    }));
}

function typesThatNobodyPublishes(
  stage: StageDefinition,
  stages: ReadonlyMap<string, StageDefinition>,
): Problem[] {
  return (stage.subscribes ?? []).flatMap(({ from, types = [] }, index) => {
    const producer = stages.get(from);
    const key = `stages.${stage.name}.subscribes.${index}`;
    if (producer === undefined) return [];
    if (producer.publishes === undefined) {
      return [
        {
          key: `${key}.from`,
          reason: `got "${from}", which publishes no events; add \`publishes\` to its definition`,
        },
      ];
    }
    const published = producer.publishes.types;
    return types
      .filter((type) => !published.includes(type))
      .map((type) => ({
        key: `${key}.types`,
        reason: `got "${type}", which "${from}" does not publish; it publishes ${published.join(", ")}, take one of these`,
      }));
  });
}

/** A stage starts after those that it calls, so a ring of calls would never start. */
function callCycles(stages: readonly StageDefinition[]): Problem[] {
  const calls = new Map(stages.map(({ name, calls: called = [] }) => [name, called]));
  return stages
    .filter(({ name }) => reaches(name, name, calls))
    .map(({ name }) => ({
      key: `stages.${name}.calls`,
      reason: `got ${JSON.stringify(calls.get(name))}, by which the stage calls itself in the end; take one call out and use an event instead`,
    }));
}

function reaches(from: string, to: string, calls: ReadonlyMap<string, readonly string[]>): boolean {
  const seen = new Set<string>();
  const open = [...(calls.get(from) ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === to) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(calls.get(next) ?? []));
  }
  return false;
}

/** Streams by where they are, and groups and dead letters beside them: what two stages must not share. */
export function streamNames(stage: StageDefinition, peers: readonly StageDefinition[]): string[] {
  const publication = publicationOf(stage);
  return [
    ...(publication === undefined
      ? []
      : [`${publication.server} ${publication.database} ${publication.stream}`]),
    ...subscriptionsOf(stage, peers).flatMap(({ server, database, stream, group, deadLetterStream }) => [
      `${server} ${database} ${stream} ${group}`,
      `${server} ${database} ${deadLetterStream}`,
    ]),
  ];
}
