import type { Problem } from "../core/errors.ts";
import type { StageDefinition } from "./definition.ts";
import { databaseProblems } from "./rules/database.rules.ts";
import { environmentProblems } from "./rules/environment.rules.ts";
import { eventProblems } from "./rules/event.rules.ts";
import { relationProblems } from "./rules/relation.rules.ts";
import { routeProblems } from "./rules/route.rules.ts";
import { serviceProblems } from "./rules/service.rules.ts";
import { shapeOf } from "./rules/shape.rules.ts";

/** Everything that is wrong with one definition, without a look at other stages or at the host. Never throws. */
export function definitionProblems(stage: StageDefinition): Problem[] {
  const shape = shapeOf(stage);
  if (!shape.isSound) return [...shape.problems];
  return [
    ...shape.problems,
    ...serviceProblems(stage),
    ...routeProblems(stage),
    ...databaseProblems(stage),
    ...environmentProblems(stage),
    ...eventProblems(stage),
    ...relationProblems(stage),
  ];
}
