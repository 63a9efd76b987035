import type { ComposeContext } from "../../cli/compose/context.ts";
import { type ImportedStage, importStage } from "../../cli/compose/import-stage.ts";
import type { ComposeProject, ComposeService } from "../../cli/compose/project.ts";
import { readProject } from "../../cli/compose/read.ts";
import { composeText, renderProject } from "../../cli/compose/render-project.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { serviceLimits } from "../../components/stage/profiles.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";

/** An export into a folder beside the repository's root. */
function contextOf(peers: readonly StageDefinition[] = STAGE_CATALOG): ComposeContext {
  return {
    peers,
    defaultLogLevel: "INFO",
    resolveImage: (image) =>
      "build" in image
        ? {
            reference: `storytelling/${image.build.split("/").at(-1)}:0123456789ab`,
            build: { context: `../${image.build}`, args: { BASE_IMAGE: "debian:trixie-slim" } },
          }
        : image,
  };
}

/** The text of an exported stage. */
export async function exported(stage: StageDefinition, peers?: readonly StageDefinition[]): Promise<string> {
  return composeText(stage, await renderProject(stage, contextOf(peers)));
}

/** What an import makes of a compose file in that folder. */
export async function imported(
  text: string,
  given: { readonly number?: number; readonly name?: string } = {},
  peers: readonly StageDefinition[] = STAGE_CATALOG,
): Promise<ImportedStage> {
  return importStage({
    project: readProject(text, "compose.yml"),
    file: "compose.yml",
    given,
    toRepositoryPath: (path) => path.replace(/^\.\.\//, "").replace(/^\.$/, "services/example"),
    peers,
    defaultLogLevel: "INFO",
  });
}

/** A stage of the catalogue. Throws when there is none of this name. */
export function catalogStage(name: string): StageDefinition {
  const stage = STAGE_CATALOG.find((each) => each.name === name);
  if (stage === undefined) throw new Error(`no stage ${name}`);
  return stage;
}

/** A service of a project. Throws when there is none of this key. */
export function serviceOf({ services }: ComposeProject, key: string): ComposeService {
  const service = services[key];
  if (service === undefined) throw new Error(`no service ${key} among ${Object.keys(services).join(", ")}`);
  return service;
}

const embeddings = catalogStage("embeddings");

/** A stage with everything that Compose has a word for. */
export const FULL_STAGE = {
  ...embeddings,
  sharedFiles: true,
  reads: { databases: ["cleaning"], files: ["cleaning"] },
  secretEnvironment: { OPENAI_API_KEY: "OPENAI_API_KEY" },
  services: {
    ...embeddings.services,
    migrate: { kind: "job", command: ["alembic", "upgrade", "head"] },
    seed: { kind: "job", command: ["sh", "-c", "echo $HOME"] },
    "model-service": {
      kind: "internal",
      port: 8001,
      replicas: 3,
      gpu: { count: 1 },
      sharedMemory: "1 GB",
      volumes: [{ name: "models", path: "/models" }],
      files: [{ path: "/app/config/settings.yaml", data: { price: "5 $", batch: 10 } }],
      jwt: { key: "JWT_SECRET" },
      secretFiles: { API_KEY: "STAGE3_API_KEY" },
      user: "1000:1000",
      restart: "on-failure",
    },
  },
} as const satisfies StageDefinition;

/** The definition with the limits that it comes to, whether it names them or leaves them to its profile. */
export function withLimits(stage: StageDefinition): StageDefinition {
  const services = Object.entries(stage.services).map(
    ([name, service]) => [name, { ...service, limits: serviceLimits(stage, name) }] as const,
  );
  return { ...stage, services: Object.fromEntries(services) };
}
