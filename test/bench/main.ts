import { join } from "node:path";
import { UserError } from "../../components/core/errors.ts";
import { readCircumstances } from "./circumstances.ts";
import { provideCompose } from "./compose/compose-command.ts";
import { measureAttach } from "./measure/attach.ts";
import { measureCold } from "./measure/cold.ts";
import type { Measurement, MeasurementOptions } from "./measure/measurement.ts";
import { measureNoChange } from "./measure/no-change.ts";
import { measurePreview } from "./measure/preview.ts";
import { type BenchOptions, type MeasurementName, parseBenchOptions } from "./options.ts";
import { Processes } from "./processes.ts";
import { type Finding, renderReport, resultsOf } from "./report.ts";
import { spreadOf } from "./samples.ts";
import { Scene } from "./scene.ts";

const MEASUREMENTS: Readonly<Record<MeasurementName, Measurement>> = {
  cold: measureCold,
  "no-change": measureNoChange,
  preview: measurePreview,
  attach: measureAttach,
};

async function bench({ only, rounds, json }: BenchOptions, interrupted: AbortSignal): Promise<void> {
  const report = (line: string): void => void process.stderr.write(`${line}\n`);
  const compose = await provideCompose(report);
  const scene = await Scene.open(new Processes(interrupted));
  try {
    if (only.some((name) => name !== "preview")) await scene.claimHost();
    const findings = await measureAll(only, { scene, rounds, compose, report });
    const circumstances = await readCircumstances(scene, rounds);
    const results = findings.map((finding) => ({ ...finding, value: spreadOf(resultsOf(finding)) }));
    process.stdout.write(
      `${json ? JSON.stringify({ circumstances, findings: results }, undefined, 2) : renderReport(findings, circumstances)}\n`,
    );
  } finally {
    report("removing everything that was made");
    await scene.close();
  }
}

async function measureAll(
  names: readonly MeasurementName[],
  options: MeasurementOptions,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const name of names) {
    findings.push(...(await MEASUREMENTS[name](options)));
  }
  return findings;
}

const interruption = new AbortController();
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.on(signal, () => interruption.abort(new UserError(`ended by ${signal}`)));
}
// Folders of images are named as seen from the repository.
process.chdir(join(import.meta.dirname, "../.."));
try {
  await bench(parseBenchOptions(process.argv.slice(2)), interruption.signal);
} catch (error) {
  const text =
    error instanceof UserError ? error.message : error instanceof Error ? error.stack : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
