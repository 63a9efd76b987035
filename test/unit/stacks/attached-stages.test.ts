import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { toMegabytes } from "../../../components/core/units.ts";
import { serviceLimits } from "../../../components/stage/profiles.ts";
import { attachedStages, inStartOrder } from "../../../stacks/attached-stages.ts";
import { STAGE_CATALOG } from "../../../stacks/catalog/stages/index.ts";
import { parseConfig } from "../../../stacks/config/load.ts";

function attached(raw: Readonly<Record<string, unknown>>) {
  return attachedStages(parseConfig(raw));
}

const ALL = Object.fromEntries(STAGE_CATALOG.map(({ name }) => [name, {}]));

describe("attachedStages", () => {
  test("is empty while no stage is named", () => {
    expect(attached({})).toEqual([]);
  });

  test("is in the order of the pipeline, whatever the order of the configuration", () => {
    const names = attached({ stages: { api: {}, nlp: {}, cleaning: {} } }).map(
      ({ definition }) => definition.name,
    );

    expect(names).toEqual(["cleaning", "nlp", "api"]);
  });

  test("is the catalogue's definitions word for word at full scale: limits never change silently (C-40)", () => {
    expect(attached({ stages: ALL })).toEqual(
      STAGE_CATALOG.map((definition) => ({ definition, enabled: true })),
    );
  });

  test("keeps a stage that is switched off, whose database stays", () => {
    expect(
      attached({ stages: { cleaning: { enabled: false }, nlp: {} } }).map(({ definition, enabled }) => [
        definition.name,
        enabled,
      ]),
    ).toEqual([
      ["cleaning", false],
      ["nlp", true],
    ]);
  });

  test("takes log level and image of a stage from the configuration", () => {
    const [stage] = attached({ stages: { cleaning: { logLevel: "DEBUG", image: "team/cleaning:2.0" } } });

    expect(stage?.definition).toMatchObject({
      name: "cleaning",
      logLevel: "DEBUG",
      image: { reference: "team/cleaning:2.0" },
    });
  });
});

describe("inStartOrder", () => {
  test("puts a stage after those that it calls, and leaves the others in the pipeline's order (004-027)", () => {
    const calls: Readonly<Record<string, readonly string[]>> = { cleaning: ["api"], api: ["nlp"] };
    const stages = attached({ stages: { cleaning: {}, nlp: {}, embeddings: {}, api: {} } }).map((stage) => ({
      ...stage,
      definition: { ...stage.definition, calls: calls[stage.definition.name] ?? [] },
    }));

    const names = inStartOrder(stages).map(({ definition }) => definition.name);
    expect(names).toEqual(["nlp", "api", "cleaning", "embeddings"]);
  });
});

describe("limitScale", () => {
  function worker(limitScale: number) {
    const [stage] = attached({ stages: { embeddings: {} }, limitScale });
    return stage?.definition.services["celery-worker"]?.limits;
  }

  test("multiplies CPUs, memory and reservation", () => {
    expect(worker(0.5)).toEqual({ cpus: 2, memory: "4096 MB", memoryReservation: "2048 MB" });
    expect(worker(0.25)).toEqual({ cpus: 1, memory: "2048 MB", memoryReservation: "1024 MB" });
  });

  test("stops where a Python process would not start", () => {
    const [stage] = attached({ stages: { cleaning: {} }, limitScale: 0.05 });

    expect(stage?.definition.services["orchestrator"]?.limits).toEqual({
      cpus: 0.25,
      memory: "192 MB",
      memoryReservation: "192 MB",
    });
  });

  test("never raises a limit, and never reserves more than the limit (000-056)", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 1, noNaN: true }), (limitScale) => {
        for (const { definition } of attached({ stages: ALL, limitScale })) {
          const original = STAGE_CATALOG.find(({ name }) => name === definition.name);
          for (const name of Object.keys(definition.services)) {
            const limits = serviceLimits(definition, name);
            const before = original && serviceLimits(original, name);
            if (before === undefined) throw new Error(`${name} is not in the catalogue`);
            expect(limits.cpus).toBeLessThanOrEqual(before.cpus);
            expect(toMegabytes(limits.memory)).toBeLessThanOrEqual(toMegabytes(before.memory));
            expect(toMegabytes(limits.memoryReservation ?? "0 MB")).toBeLessThanOrEqual(
              toMegabytes(limits.memory),
            );
          }
        }
      }),
    );
  });
});
