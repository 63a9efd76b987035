import { cp } from "node:fs/promises";
import { join } from "node:path";
import type { ReportProgress } from "../progress.ts";
import { runGo } from "./go-command.ts";

const BUILDER = "go.opentelemetry.io/collector/cmd/builder";

/**
 * Lets the official collector builder generate the sources of the collector into a working folder. The builder
 * writes a go.mod without pins; the pinned one takes its place again.
 */
export async function generateCollector(
  pinned: string,
  workingFolder: string,
  report: ReportProgress,
): Promise<void> {
  await cp(pinned, workingFolder, { recursive: true });
  await runGo(
    workingFolder,
    ["tool", BUILDER, "--config", "builder.yaml", "--skip-compilation", "--skip-get-modules"],
    report,
  );
  for (const file of ["go.mod", "go.sum"]) await cp(join(pinned, file), join(workingFolder, file));
}
