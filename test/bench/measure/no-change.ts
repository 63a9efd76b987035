import type { Finding } from "../report.ts";
import type { MeasurementOptions } from "./measurement.ts";
import { type Measured, measureRounds, secondsOf } from "./rounds.ts";
import { WITH_STACK_TRACES, WITHOUT_COMPILE_CACHE } from "./without-remedies.ts";

/** An `up` that finds everything as it should be, against a program without resources. */
export async function measureNoChange({ scene, rounds, report }: MeasurementOptions): Promise<Finding[]> {
  const empty = await scene.program("empty");
  await empty.up();
  await scene.clear();
  await scene.platform.up();
  const measured = await measureRounds(
    [
      { name: "empty program", run: () => empty.up() },
      { name: "no-change up", run: () => scene.platform.up() },
      { name: "with stack traces", run: () => scene.platform.up(WITH_STACK_TRACES) },
      { name: "without compile cache", run: () => scene.platform.up(WITHOUT_COMPILE_CACHE) },
      { name: "whole CLI", run: () => scene.storytelling("up") },
    ],
    rounds,
    report,
  );
  return [
    againstEmpty(measured, "no-change up", "No-change `pulumi up`", 1.6),
    againstEmpty(measured, "with stack traces", "the same, keeping a stack trace for every promise"),
    againstEmpty(measured, "without compile cache", "the same, without a compile cache"),
    againstEmpty(
      measured,
      "whole CLI",
      "No-change `storytelling up`: set-up, repair, Pulumi, a look at everything",
    ),
  ];
}

function againstEmpty(measured: Measured, name: string, title: string, aim?: number): Finding {
  return {
    title,
    measured: secondsOf(measured, name),
    against: { title: "`pulumi up` of an empty program", seconds: secondsOf(measured, "empty program") },
    result: { kind: "ratio", ...(aim === undefined ? {} : { aim }) },
  };
}
