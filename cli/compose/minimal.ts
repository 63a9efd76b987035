import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition, StageService } from "../../components/stage/definition.ts";

/** What a definition comes to. */
export interface Outcome {
  readonly containers: object;
  readonly problems: readonly Problem[];
}

/** May throw when the definition is not valid. */
export type Derive = (definition: StageDefinition) => Promise<Outcome>;

/**
 * The definition without what is derived all the same: a field goes when its absence changes nothing of what the
 * definition comes to.
 */
export async function withoutDerived(stage: StageDefinition, derive: Derive): Promise<StageDefinition> {
  const complete = await derive(stage);
  let minimal = withoutUndefined(stage);
  for (const name of Object.keys(stage.services)) {
    for (const shorten of shortenings(minimal.services[name] as StageService)) {
      const service = shorten(minimal.services[name] as StageService);
      const shorter = { ...minimal, services: { ...minimal.services, [name]: service } };
      if (isAsGood(await outcome(shorter, derive), complete)) minimal = shorter;
    }
  }
  return withoutUndefined(minimal);
}

/** A definition is plain data, which JSON writes without what is undefined. */
function withoutUndefined(stage: StageDefinition): StageDefinition {
  return JSON.parse(JSON.stringify(stage)) as StageDefinition;
}

/** The same containers, and no problem that was not there before. */
function isAsGood(shorter: Outcome | undefined, complete: Outcome): boolean {
  if (shorter === undefined || !isDeepStrictEqual(shorter.containers, complete.containers)) return false;
  const known = new Set(complete.problems.map(({ key }) => key));
  return shorter.problems.every(({ key }) => known.has(key));
}

type Shorten = (service: StageService) => StageService;

/** Fields from which others are derived: they go last, so that `celeryApp` stays and the command that it means goes. */
const SOURCES: ReadonlySet<string> = new Set(["celeryApp", "queues", "concurrency", "port"]);

/** Every single thing that a service could do without. */
function shortenings(service: StageService): Shorten[] {
  const fields = Object.keys(service)
    .filter((field) => field !== "kind")
    .sort((a, b) => Number(SOURCES.has(a)) - Number(SOURCES.has(b)));
  return [
    ...(service.files ?? []).map(
      ({ path }): Shorten =>
        ({ files, ...rest }) => ({ ...rest, files: files?.filter((file) => file.path !== path) }),
    ),
    ...fields.map(
      (field): Shorten =>
        (longer) => ({ ...longer, [field]: undefined }),
    ),
  ];
}

/** A definition that is not valid without a field comes to nothing, so that the field stays. */
async function outcome(stage: StageDefinition, derive: Derive): Promise<Outcome | undefined> {
  try {
    return await derive(stage);
  } catch {
    return undefined;
  }
}
