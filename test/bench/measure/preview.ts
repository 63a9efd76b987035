import type { Variables } from "../processes.ts";
import type { PulumiProject } from "../pulumi-project.ts";
import type { Finding } from "../report.ts";
import type { MeasurementOptions } from "./measurement.ts";
import { type Measured, measureRounds, secondsOf } from "./rounds.ts";
import { WITH_STACK_TRACES, WITHOUT_COMPILE_CACHE } from "./without-remedies.ts";

/** The platform has 8 stages at most; the larger numbers show what a stage costs and that the cost is constant. */
const STAGE_COUNTS = [8, 64, 256] as const;
const COMPARED_COUNT = 64;

interface Variant {
  readonly name: string;
  readonly title: string;
  readonly stages: number;
  readonly resources: number;
  readonly variables?: Variables;
  readonly aim?: number;
}

/** Previews of new stacks with more and more stages: what one resource costs beyond an empty program. */
export async function measurePreview({ scene, rounds, report }: MeasurementOptions): Promise<Finding[]> {
  const empty = await scene.program("empty");
  const project = await scene.program("stages");
  const variants = await planVariants(project);
  const measured = await measureRounds(
    [
      { name: "empty program", run: () => empty.preview() },
      ...variants.map(({ name, stages, variables }) => ({
        name,
        prepare: () => setStages(project, stages),
        run: () => project.preview(variables),
      })),
    ],
    rounds,
    report,
  );
  return variants.map((variant) => finding(variant, measured));
}

async function setStages(project: PulumiProject, count: number): Promise<void> {
  await project.setConfiguration("count", String(count));
}

async function planVariants(project: PulumiProject): Promise<Variant[]> {
  const sizes: Variant[] = [];
  for (const stages of STAGE_COUNTS) {
    const resources = await countResources(project, stages);
    const name = `preview of ${stages} stages`;
    sizes.push({
      name,
      title: `Preview of ${stages} stages, ${resources} resources`,
      stages,
      resources,
      aim: 30,
    });
  }
  return [...sizes, ...sizes.filter(({ stages }) => stages === COMPARED_COUNT).flatMap(withoutRemedies)];
}

async function countResources(project: PulumiProject, stages: number): Promise<number> {
  await setStages(project, stages);
  const { output } = await project.preview();
  return resourcesToCreate(output);
}

function withoutRemedies({ name, stages, resources }: Variant): Variant[] {
  const common = { stages, resources };
  return [
    {
      ...common,
      name: `${name}, with stack traces`,
      title: `the one of ${stages} stages, keeping a stack trace for every promise`,
      variables: WITH_STACK_TRACES,
    },
    {
      ...common,
      name: `${name}, without compile cache`,
      title: `the one of ${stages} stages, without a compile cache`,
      variables: WITHOUT_COMPILE_CACHE,
    },
  ];
}

/** From Pulumi's own summary. Throws when there is none. */
export function resourcesToCreate(output: string): number {
  const count = /\+ (\d+) to create/.exec(output)?.[1];
  if (count === undefined) throw new Error(`the preview does not say what it would create:\n${output}`);
  return Number(count);
}

function finding({ name, title, resources, aim }: Variant, measured: Measured): Finding {
  return {
    title,
    measured: secondsOf(measured, name),
    against: { title: "of an empty program", seconds: secondsOf(measured, "empty program") },
    result: { kind: "each", count: resources, thing: "resource", ...(aim === undefined ? {} : { aim }) },
  };
}
