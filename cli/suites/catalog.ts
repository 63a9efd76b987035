import { join } from "node:path";
import { UserError } from "../../components/core/errors.ts";
import type { Suite } from "./suite.ts";

const SOURCES = ["index.ts", "stacks", "components", "cli", "offline", "policy", "scripts", "test"];

/** Every suite, from cheap to dear. `reports` is the folder for what they write. */
export function suiteCatalog(reports: string): Suite[] {
  return [
    { name: "format", title: "format", command: ["biome", "ci", "--error-on-warnings", "."] },
    { name: "lint", title: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
    { name: "types", title: "types", command: ["tsc", "-p", ".", "--noEmit"] },
    {
      name: "architecture",
      title: "architecture",
      command: ["depcruise", "--config", ".dependency-cruiser.mjs", ...SOURCES],
    },
    { name: "dead-code", title: "dead code", command: ["knip"] },
    covered("unit", reports),
    covered("stack", reports),
    {
      name: "coverage",
      title: "coverage",
      command: ["vitest", "run", "--merge-reports", blobs(reports), "--coverage", "--reporter=dot"],
    },
    { ...tests("contract", reports), needsHost: true },
    { ...tests("e2e", reports), needsHost: true },
  ];
}

/** The suites that were asked for, in the order of the catalogue. Throws a UserError for a name that is none. */
export function selectSuites(suites: readonly Suite[], only: string | undefined): Suite[] {
  if (only === undefined) return [...suites];
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    throw new UserError(
      `--only: there is no suite "${unknown.join('", "')}"; choose from ${suites.map(({ name }) => name).join(", ")}`,
    );
  }
  return suites.filter(({ name }) => names.includes(name));
}

function tests(project: string, reports: string): Suite {
  const report = join(reports, `${project}.json`);
  return {
    name: project,
    title: project,
    command: [
      "vitest",
      "run",
      "--project",
      project,
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
    ],
    report,
  };
}

/** A suite whose coverage counts: it is judged together with the others', after all of them. */
function covered(project: string, reports: string): Suite {
  const suite = tests(project, reports);
  const coverage = [
    "--reporter=blob",
    `--outputFile.blob=${join(blobs(reports), `${project}.json`)}`,
    "--coverage",
  ];
  const unjudged = [
    "--coverage.thresholds.lines=0",
    `--coverage.reportsDirectory=${join(reports, "coverage", project)}`,
  ];
  return { ...suite, command: [...suite.command, ...coverage, ...unjudged] };
}

function blobs(reports: string): string {
  return join(reports, "blobs");
}
