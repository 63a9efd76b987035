import { toFacts } from "../../../cli/docker/inventory.ts";
import { queryPostgres } from "../../../cli/docker/postgres.ts";
import { STAGE_CATALOG } from "../../../stacks/catalog/stages/index.ts";
import type { RegisteredResource } from "../../support/mocks.ts";
import { ComposeCommand } from "../compose/compose-command.ts";
import { renderStage } from "../compose/compose-file.ts";
import { databaseStatements, dropStatements } from "../compose/database-statements.ts";
import { recordedOf } from "../compose/recorded-inputs.ts";
import { recordDeployment, withStage } from "../recorded-deployment.ts";
import type { Finding } from "../report.ts";
import type { Scene } from "../scene.ts";
import type { MeasurementOptions } from "./measurement.ts";
import { measureRounds, secondsOf } from "./rounds.ts";

const STAGE = "embeddings";

/** One more stage on a platform that runs, against starting the stage's containers and nothing else. */
export async function measureAttach({
  scene,
  rounds,
  compose,
  report,
}: MeasurementOptions): Promise<Finding[]> {
  await scene.clear();
  await scene.platform.up();
  const restoreState = await scene.keepState();
  const stage = await recordStage(scene);
  const attached = await scene.withStage(STAGE);
  const project = renderStage(stage, stageNumber());
  const folder = await scene.makeFolder("compose-stage");
  const other = await ComposeCommand.write(project, folder, compose, scene.processes);

  const detach = async (): Promise<void> => {
    await removeContainers(scene, stage);
    await query(scene, dropStatements(stage));
    await restoreState();
  };
  const measured = await measureRounds(
    [
      { name: "attaching a stage", prepare: detach, run: () => attached.up() },
      {
        name: "its containers alone",
        prepare: async () => {
          await detach();
          await query(scene, databaseStatements(stage));
        },
        run: () => other.up(),
      },
    ],
    rounds,
    report,
  );
  await detach();
  const containers = recordedOf(stage, "docker:index/container:Container").length;
  return [
    {
      title: `Attaching stage ${stageNumber()} to the running platform, with its database`,
      measured: secondsOf(measured, "attaching a stage"),
      against: {
        title: `\`docker compose up --wait\` of its ${containers} containers alone`,
        seconds: secondsOf(measured, "its containers alone"),
      },
      result: { kind: "ratio" },
    },
  ];
}

function stageNumber(): number {
  const stage = STAGE_CATALOG.find(({ name }) => name === STAGE);
  if (stage === undefined) throw new Error(`the catalogue has no stage ${STAGE}`);
  return stage.number;
}

/** What the stage adds to the platform. */
async function recordStage({ values }: Scene): Promise<RegisteredResource[]> {
  const before = new Set((await recordDeployment(values)).map(({ urn }) => urn));
  const after = await recordDeployment(withStage(values, STAGE));
  return after.filter(({ urn }) => !before.has(urn));
}

async function removeContainers({ docker }: Scene, stage: readonly RegisteredResource[]): Promise<void> {
  const names = new Set(
    recordedOf(stage, "docker:index/container:Container").map(({ inputs }) => inputs.name),
  );
  const present = await docker.listContainers({ all: true });
  const doomed = present.filter(({ Names }) => Names.some((name) => names.has(name.slice(1))));
  await Promise.all(doomed.map(({ Id }) => docker.getContainer(Id).remove({ force: true })));
}

/** One statement after the other: a database is neither made nor dropped beside anything else. */
async function query({ docker }: Scene, statements: readonly string[]): Promise<void> {
  const server = toFacts(await docker.getContainer("storytelling-postgres").inspect());
  for (const statement of statements) await queryPostgres(docker, server, statement);
}
