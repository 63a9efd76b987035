import type { Problem } from "../../core/errors.ts";
import type { StageDefinition } from "../definition.ts";
import { peerUrlVariable, urlVariable } from "../names.ts";

/** What is wrong with what one definition says of other stages. */
export function relationProblems(stage: StageDefinition): Problem[] {
  const lists: readonly (readonly [string, readonly string[]])[] = [
    ["calls", stage.calls ?? []],
    ["reads.databases", stage.reads?.databases ?? []],
    ["reads.files", stage.reads?.files ?? []],
  ];
  return [
    ...lists.flatMap(([field, names]) => listProblems(`stages.${stage.name}.${field}`, stage.name, names)),
    ...variableProblems(stage),
  ];
}

function listProblems(key: string, self: string, names: readonly string[]): Problem[] {
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...[...twice].map((name) => ({ key, reason: `got "${name}" twice; name each stage once` })),
    ...(names.includes(self) ? [{ key, reason: `got "${self}", which is the stage itself; remove it` }] : []),
  ];
}

/** `nlp-service` of the stage and the stage `nlp` would be found by the same variable. */
function variableProblems(stage: StageDefinition): Problem[] {
  const own = new Set(Object.keys(stage.services).map(urlVariable));
  return (stage.calls ?? [])
    .filter((name) => own.has(peerUrlVariable(name)))
    .map((name) => ({
      key: `stages.${stage.name}.calls`,
      reason: `got "${name}", whose ${peerUrlVariable(name)} is also that of a service of the stage; rename the service`,
    }));
}
