import { z } from "zod";
import type { Engine } from "./engine.ts";
import { QUICK_RUN } from "./environment.ts";

const planSchema = z.object({ steps: z.array(z.object({ op: z.string(), urn: z.string() })).default([]) });

/** URNs of what an `up` with these flags would change. Needs neither a Docker daemon nor a database. */
export async function plannedChanges(engine: Engine, flags: readonly string[]): Promise<string[]> {
  const plan = planSchema.parse(
    JSON.parse(await engine.runProgramQuietly("preview", ["--json", ...QUICK_RUN, ...flags])),
  );
  return [...new Set(plan.steps.filter(({ op }) => op !== "same").map(({ urn }) => urn))];
}
