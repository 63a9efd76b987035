import { UserError } from "../../components/core/errors.ts";
import type { StageDefinition, StageImage, StageService } from "../../components/stage/definition.ts";
import { definitionProblems } from "../../components/stage/definition-problems.ts";
import { projectLeftovers } from "./comparison.ts";
import type { ComposeContext } from "./context.ts";
import { type ServiceGroup, serviceGroups } from "./groups.ts";
import { type GivenIdentity, type Identity, identityOf } from "./identity.ts";
import { entryKind, findEntry, inferKind } from "./kinds.ts";
import { type Leftover, topLeftovers } from "./leftovers.ts";
import { type Outcome, withoutDerived } from "./minimal.ts";
import { ownServices } from "./own-services.ts";
import { type ComposeProject, EXTENSION } from "./project.ts";
import { readImage, readService } from "./read-service.ts";
import { renderProject } from "./render-project.ts";
import { firstKey } from "./service-keys.ts";
import { inferDeclarations } from "./shared-declarations.ts";
import { ownVariables, withSharedVariables } from "./variables.ts";

export interface ImportRequest {
  readonly project: ComposeProject;
  /** Name of the file, for messages. */
  readonly file: string;
  readonly given: GivenIdentity;
  /** Path in the repository of a path beside the file. */
  readonly toRepositoryPath: (path: string) => string;
  readonly peers: readonly StageDefinition[];
  readonly defaultLogLevel: ComposeContext["defaultLogLevel"];
}

export interface ImportedStage {
  readonly definition: StageDefinition;
  readonly leftovers: readonly Leftover[];
}

/**
 * The definition of a compose file's stage, as short as it can be, and everything of the file that it does not have.
 * The latter is found by rendering the definition again, so that nothing goes without a word.
 *
 * Throws a UserError when the file does not tell which stage it is or which service is its entry.
 */
export async function importStage(request: ImportRequest): Promise<ImportedStage> {
  const { own, leftovers: removed } = ownServices(request.project);
  const groups = serviceGroups(own);
  const entry = findEntry(groups);
  if (entry === undefined) throw noEntry(request.file, groups);
  const identity = identityOf(own, entry.service, request.given, request.file);
  const context = importContext(request);

  const bare = bareDefinition(request, identity, entry, groups);
  const variables = await readVariables(bare, groups, context);
  const definition = await withoutDerived(withSharedVariables(variables.definition), async (stage) =>
    outcomeOf(stage, context),
  );
  const derived = await renderProject(definition, context);
  return {
    definition,
    leftovers: [
      ...removed,
      ...topLeftovers(own),
      ...variables.leftovers,
      ...projectLeftovers(groups, definition, derived, request.toRepositoryPath),
      ...definitionProblems(definition),
    ],
  };
}

/** Everything but the variables of the applications. */
function bareDefinition(
  request: ImportRequest,
  identity: Identity,
  entry: ServiceGroup,
  groups: readonly ServiceGroup[],
): StageDefinition {
  const project = request.project;
  const file = { project, number: identity.number, toRepositoryPath: request.toRepositoryPath };
  const services = groups.map((group): [string, StageService] => {
    const kind = group === entry ? entryKind(group) : inferKind(group, project);
    return [group.name, readService(group.service, kind, group.replicas, file)];
  });
  return {
    ...identity,
    image: readImage(entry.service, file) ?? { build: request.toRepositoryPath(".") },
    ...(project[EXTENSION] ?? inferDeclarations(identity, entry, groups, importContext(request))),
    services: Object.fromEntries(services),
  };
}

/** The definition with what the applications are given beyond what the platform injects. */
async function readVariables(
  bare: StageDefinition,
  groups: readonly ServiceGroup[],
  context: ComposeContext,
): Promise<ImportedStage> {
  const injected = await renderProject(bare, context);
  const services: Record<string, StageService> = {};
  const leftovers: Leftover[] = [];
  for (const { key, name, service } of groups) {
    const derived = injected.services[firstKey(bare, name)];
    const own = ownVariables(key, service, derived?.environment ?? {});
    const { environment, secretEnvironment } = own;
    services[name] = { ...(bare.services[name] as StageService), environment, secretEnvironment };
    leftovers.push(...own.leftovers);
  }
  return { definition: { ...bare, services }, leftovers };
}

/** What a definition comes to, without what a file declares beside the containers. */
async function outcomeOf(stage: StageDefinition, context: ComposeContext): Promise<Outcome> {
  const { [EXTENSION]: _, services, ...rest } = await renderProject(stage, context);
  const plain = Object.entries(services).map(
    ([key, { [EXTENSION]: __, ...service }]) => [key, service] as const,
  );
  return {
    containers: { ...rest, services: Object.fromEntries(plain) },
    problems: definitionProblems(stage),
  };
}

function noEntry(file: string, groups: readonly ServiceGroup[]): UserError {
  const keys = groups.map(({ key }) => key).join(", ") || "none of the stage";
  return new UserError(
    `${file}: nothing tells which service the gateway leads to, among ${keys}; call it orchestrator-service, ` +
      "or give it the label service=orchestrator (000-016)",
  );
}

/** A definition is compared by folder, because the tag of an image that is built here says nothing in a file. */
function importContext({ peers, defaultLogLevel }: ImportRequest): ComposeContext {
  const resolveImage = (image: StageImage) =>
    "build" in image ? { reference: image.build, build: { context: image.build } } : image;
  return { peers, defaultLogLevel, resolveImage };
}
