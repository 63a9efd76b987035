import { mkdir, mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, test } from "vitest";
import { HELPER_SCRIPT } from "../../cli/compose/helper-script.ts";
import { COMPOSE_FILE } from "../../cli/compose/project.ts";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { stageProject } from "../../components/stage/names.ts";
import { configuredStage } from "../../stacks/attached-stages.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import { configSchema } from "../../stacks/config/schema.ts";
import { provideCompose } from "../bench/compose/compose-command.ts";
import { withLimits } from "../support/compose.ts";
import { Checkout } from "./support/checkout.ts";
import { assertHostIsFree, docker, runningContainers } from "./support/host.ts";

/** As in Pulumi.dev.yaml, so that the limits fit on the host. */
const CONFIG = configSchema.parse({ limitScale: 0.25 });

let checkout: Checkout;
let folder: string;
let environment: Readonly<Record<string, string>>;

/**
 * A platform with the data of every stage and the containers of none. The first `up` runs a stage of each image, which
 * builds the images.
 */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-round-trip-"));
  await assertHostIsFree();
  environment = { DOCKER_CONFIG: await composePlugin() };
  checkout = await Checkout.create();
  const [withImages, off] = [stageLines(["cleaning", "frontend"]), stageLines([])];
  await checkout.configure("    cleaning: {}\n    nlp: {}\n", withImages);
  await checkout.succeed("up", "--skip-verify");
  await checkout.configure(withImages, off);
  await checkout.succeed("up", "--skip-verify");
});

afterAll(async () => {
  try {
    await checkout?.remove();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** The configuration of all stages, of which these run. */
function stageLines(running: readonly string[]): string {
  const lines = STAGE_CATALOG.map(({ name }) => `    ${name}: { enabled: ${running.includes(name)} }\n`);
  return lines.join("");
}

/** A real Compose, where `docker compose` looks for it. */
async function composePlugin(): Promise<string> {
  const plugins = join(folder, "docker-config", "cli-plugins");
  await mkdir(plugins, { recursive: true });
  await symlink(await provideCompose(() => undefined), join(plugins, "docker-compose"));
  return join(folder, "docker-config");
}

/** Stages do not touch each other, so they make the trip at the same time. */
test.concurrent.for(STAGE_CATALOG.map((stage) => [stage.name, stage] as const))(
  "the export of %s starts beside the platform, passes `verify`, and is imported as the same definition",
  async ([name, stage], { expect }) => {
    const before = await runningContainers();
    const target = join(folder, stageProject(stage));
    await checkout.succeed("export", name, "--out", target, "--with-secrets");
    const script = async (verb: string) =>
      (await execa(join(target, HELPER_SCRIPT), [verb], { cwd: target, env: environment })).stdout;
    try {
      expect(await script("start")).toContain(`/health`);
      expect(await containersOf(stage)).toHaveLength(expectedContainers(stage));
      expect(await checkout.succeed("verify", name)).toMatch(/✔ \d+ checks passed/);
      // The rate limit that `verify` used up refills meanwhile.
      await expect.poll(() => script("health"), { timeout: 90_000, interval: 3000 }).toContain("healthy");
    } finally {
      await script("stop");
    }
    expect(await containersOf(stage)).toEqual([]);
    expect(await runningContainers()).toEqual(before);
    expect(withLimits(await imported(target))).toEqual(withLimits(configuredStage(stage, CONFIG)));
  },
);

async function containersOf({ number }: StageDefinition): Promise<string[]> {
  const found = await docker.listContainers({ filters: JSON.stringify({ label: [`stage=${number}`] }) });
  return found.flatMap(({ Names }) => Names);
}

/** Containers that run; those of jobs have ended. */
function expectedContainers({ services }: StageDefinition): number {
  return Object.values(services)
    .filter(({ kind }) => kind !== "job")
    .reduce((sum, { replicas = 1 }) => sum + replicas, 0);
}

/** The definition that `import` writes. */
async function imported(exported: string): Promise<StageDefinition> {
  const file = join(folder, `imported-${basename(exported)}.ts`);
  const compose = join(exported, COMPOSE_FILE);
  await checkout.succeed("import", compose, "--out", file, "--force");
  const print = `import("${file}").then((module) => console.log(JSON.stringify(Object.values(module)[0])))`;
  const { stdout } = await execa("node", ["--eval", print]);
  return JSON.parse(stdout) as StageDefinition;
}
