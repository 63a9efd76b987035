import { ComposeCommand } from "../compose/compose-command.ts";
import { renderPlatform } from "../compose/compose-file.ts";
import { recordDeployment } from "../recorded-deployment.ts";
import type { Finding } from "../report.ts";
import type { MeasurementOptions } from "./measurement.ts";
import { measureRounds, secondsOf } from "./rounds.ts";

/** The platform from nothing, by the program and by compose: the same containers from the same images. */
export async function measureCold({
  scene,
  rounds,
  compose,
  report,
}: MeasurementOptions): Promise<Finding[]> {
  const project = renderPlatform(await recordDeployment(scene.values));
  const folder = await scene.makeFolder("compose");
  const other = await ComposeCommand.write(project, folder, compose, scene.processes);
  const prepare = (): Promise<void> => scene.clear();
  // The stages' image is built here, and later builds find every layer.
  await scene.clear();
  await scene.platform.up();

  const measured = await measureRounds(
    [
      { name: "cold pulumi up", prepare, run: () => scene.platform.up() },
      { name: "cold compose up", prepare, run: () => other.up() },
    ],
    rounds,
    report,
  );
  const containers = Object.keys((project.document as { services: object }).services).length;
  return [
    {
      title: `Cold \`up\` of ${containers} containers until all are healthy, images present`,
      measured: secondsOf(measured, "cold pulumi up"),
      against: {
        title: "`docker compose up --wait` of the same containers",
        seconds: secondsOf(measured, "cold compose up"),
      },
      result: { kind: "ratio", aim: 1.3 },
    },
  ];
}
