import { UserError } from "../components/core/errors.ts";
import type { StageDefinition } from "../components/stage/definition.ts";
import { STAGE_CATALOG } from "../stacks/catalog/stages/index.ts";

/** The catalogue's stage of this name. Throws a UserError that lists all of them when there is none. */
export function catalogStage(name: string): StageDefinition {
  const stage = STAGE_CATALOG.find((candidate) => candidate.name === name);
  if (stage !== undefined) return stage;
  const names = STAGE_CATALOG.map((candidate) => candidate.name).join(", ");
  throw new UserError(`there is no stage "${name}"; choose one of ${names}`);
}
