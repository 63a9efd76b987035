import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requiredVariables, type SecretValues, secretsFile } from "../../cli/compose/environment-file.ts";
import { usesStore } from "../../components/stage/names.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import { provideCompose } from "../bench/compose/compose-command.ts";
import { catalogStage, exported, FULL_STAGE } from "../support/compose.ts";

/** What Compose makes of a file, as far as these tests look at it. */
interface Resolved {
  readonly services: Readonly<Record<string, ResolvedService>>;
  readonly configs?: Readonly<Record<string, { readonly content: string }>>;
}

interface ResolvedService {
  readonly container_name: string;
  readonly command: readonly string[] | null;
  readonly environment: Readonly<Record<string, string>>;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy: object;
}

let compose: string;
let folder: string;

beforeAll(async () => {
  compose = await provideCompose(() => undefined);
  folder = await mkdtemp(join(tmpdir(), "storytelling-compose-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Has Compose read a file beside a `.env`, which needs no daemon. */
async function resolve(text: string, environment: string): Promise<Resolved> {
  await writeFile(join(folder, "compose.yml"), text);
  await writeFile(join(folder, ".env"), environment);
  const { stdout } = await execa(compose, ["--file", "compose.yml", "config", "--format", "json"], {
    cwd: folder,
    extendEnv: false,
    env: { HOME: folder, PATH: process.env["PATH"] ?? "" },
  });
  // What it prints is a compose file again, with every dollar doubled.
  return JSON.parse(stdout.replaceAll("$$", () => "$")) as Resolved;
}

/** One password for everything that the file asks for. */
function givenSecrets(text: string): SecretValues {
  return new Map(requiredVariables(text).map((name) => [name, "given-password"]));
}

test.each(STAGE_CATALOG.map((stage) => [stage.name, stage] as const))(
  "Compose takes the export of %s and fills in its passwords",
  async (_, stage) => {
    const text = await exported(stage);
    const { services } = await resolve(text, secretsFile(stage, givenSecrets(text)));

    expect(Object.keys(services)).toHaveLength(Object.keys(stage.services).length);
    if (!usesStore(stage, "postgres")) return;
    for (const { environment } of Object.values(services)) {
      expect(environment["POSTGRES_PASSWORD"]).toBe("given-password");
      expect(environment["DATABASE_URL"]).toContain(`:given-password@postgres:5432/stage${stage.number}_`);
    }
  },
);

describe("Compose reads of the secrets file", () => {
  test.each([
    ["plain", "abcDEF123-_.~"],
    ["characters of a URL", "p@ss/w:rd?#%"],
    ["dollars and quotes of both kinds", `a$b\${c}"d'e\\f`],
    ["spaces and a number sign", "a b # c"],
  ])("a password with %s as it is, and percent-encoded in URLs", async (_, password) => {
    const stage = catalogStage("cleaning");
    const values = new Map([["STAGE1_POSTGRES_PASSWORD", password]]);
    const { services } = await resolve(await exported(stage), secretsFile(stage, values));

    const environment = services["orchestrator-service"]?.environment ?? {};
    expect(environment["POSTGRES_PASSWORD"]).toBe(password);
    expect(new URL(environment["DATABASE_URL"] ?? "").password).toBe(encodeURIComponent(password));
  });
});

test("Compose starts nothing while a password is missing (C-12)", async () => {
  await expect(resolve(await exported(catalogStage("cleaning")), "")).rejects.toThrow(
    /STAGE1_POSTGRES_PASSWORD.*set it in \.env/,
  );
});

test("Compose gives each of several containers alike all that the first has, and dollars as they were", async () => {
  const text = await exported(FULL_STAGE);
  const { services, configs } = await resolve(text, secretsFile(FULL_STAGE, givenSecrets(text)));
  const { container_name: _, ...first } = services["model-service-1"] as ResolvedService;
  const third = services["model-service-3"];

  expect(third?.container_name).toBe("embeddings-model-service-3");
  expect(third).toMatchObject({
    environment: first.environment,
    deploy: first.deploy,
    depends_on: first.depends_on,
  });
  expect(services["seed"]?.command).toEqual(["sh", "-c", "echo $HOME"]);
  expect(Object.values(configs ?? {}).map(({ content }) => content)).toContain("price: 5 $\nbatch: 10\n");
});
