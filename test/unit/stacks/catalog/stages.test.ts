import { describe, expect, test } from "vitest";
import { toMegabytes } from "../../../../components/core/units.ts";
import { serviceLimits } from "../../../../components/stage/profiles.ts";
import { LIMITS } from "../../../../stacks/catalog/platform-limits.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";

describe("the stage catalogue", () => {
  test("is the eight stages of the sources, in their order (000-121)", () => {
    expect(STAGE_CATALOG.map(({ number, name }) => `${number} ${name}`)).toEqual([
      "1 cleaning",
      "2 nlp",
      "3 embeddings",
      "4 clustering",
      "5 graph",
      "6 timeline",
      "7 api",
      "8 frontend",
    ]);
  });

  test("has a limit on the CPUs and the memory of every service (000-054)", () => {
    for (const stage of STAGE_CATALOG) {
      for (const name of Object.keys(stage.services)) {
        const limits = serviceLimits(stage, name);
        expect(limits.cpus).toBeGreaterThan(0);
        expect(toMegabytes(limits.memory)).toBeGreaterThan(0);
      }
    }
  });

  test("gives every worker a minute to finish its task", () => {
    const workers = STAGE_CATALOG.flatMap(({ services }) => Object.values(services)).filter(
      ({ kind }) => kind === "worker",
    );

    expect(workers).toHaveLength(6);
    for (const { stopGraceSeconds } of workers) expect(stopGraceSeconds).toBe(60);
  });
});

describe("the limits of the platform's own containers", () => {
  test("leave most of a machine of 8 GB to the stages, without the stores that are off unless asked for", () => {
    const { elasticsearch: _, neo4j: __, ...limits } = LIMITS;
    const megabytes = Object.values(limits).reduce((sum, { memory }) => sum + toMegabytes(memory), 0);

    expect(megabytes).toBeLessThan(5 * 1024);
  });

  test("fit each one on a host of one CPU", () => {
    for (const { cpus } of Object.values(LIMITS)) expect(cpus).toBeLessThanOrEqual(1);
  });
});
