import { UserError } from "../../components/core/errors.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { postgresSecret } from "../../components/stage/environment/connection-secrets.ts";
import { stageProject } from "../../components/stage/names.ts";
import { attachedStages } from "../../stacks/attached-stages.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { logicalName, resourcesOfType, type StackState, type StateResource, TYPES } from "../pulumi/state.ts";

/** What one stage is given anew. */
export interface Rotation {
  readonly stage: StageDefinition;
  /** The generated passwords that its containers hold: of its database, of those that it reads, of its Redis user. */
  readonly passwords: readonly StateResource[];
  /** Its roles in the database server. */
  readonly roles: readonly string[];
  /** The key of the configuration that gives the database's password, which this command cannot change. */
  readonly given?: string;
}

/** Finds what belongs to a stage. Throws a UserError where there is no such stage, or nothing of it can be rotated. */
export function planRotation(name: string, config: PlatformConfig, state: StackState): Rotation {
  const stage = findStage(name, config);
  const secret = postgresSecret(stage.number);
  const given = config.secrets[secret] === undefined ? undefined : `storytelling:secrets.${secret}`;
  const passwords = resourcesOfType(state, TYPES.password).filter(({ urn }) => belongsTo(urn, stage));
  if (passwords.length === 0) throw nothingGenerated(stage, given);
  assertReplaceable(stage, passwords);
  const roles = resourcesOfType(state, TYPES.role).filter(({ urn }) => belongsTo(urn, stage));
  return {
    stage,
    passwords: passwords.toSorted((a, b) => (logicalName(a.urn) < logicalName(b.urn) ? -1 : 1)),
    roles: roles.map(({ outputs }) => String(outputs?.["name"])),
    ...(given === undefined ? {} : { given }),
  };
}

/** Whether a resource is a part of a stage, by the names that the program gives. */
export function belongsTo(urn: string, stage: StageDefinition): boolean {
  return (
    urn.includes("::storytelling:stage:Stage$") && logicalName(urn).startsWith(`${stageProject(stage)}-`)
  );
}

/** What a password opens, from its logical name: `database`, `reads-stage1`, `redis`. */
export function opens({ urn }: StateResource, stage: StageDefinition): string {
  return logicalName(urn)
    .slice(stageProject(stage).length + 1)
    .replace(/-password$/, "");
}

function findStage(name: string, config: PlatformConfig): StageDefinition {
  const stages = attachedStages(config).map(({ definition }) => definition);
  const found = stages.find((stage) => stage.name === name);
  if (found !== undefined) return found;
  const attached = stages.map((stage) => stage.name).join(", ") || "none";
  throw new UserError(`<stage>: got "${name}", which is not attached; attached are: ${attached}`);
}

function nothingGenerated(stage: StageDefinition, given: string | undefined): UserError {
  return new UserError(
    given === undefined
      ? `stage ${stage.name} has no generated password in this stack; run \`npm run up\` first, if it is new`
      : `stage ${stage.name}: its database password is given by ${given}; ` +
          "set another value there and run `npm run up`, which changes the role and restarts this stage only",
  );
}

function assertReplaceable(stage: StageDefinition, passwords: readonly StateResource[]): void {
  if (!passwords.some(({ protect }) => protect === true)) return;
  throw new UserError(
    `stage ${stage.name}: its passwords are still protected, as an earlier version made them; run \`npm run up\` once, then rotate`,
  );
}
