import { describe, expect, test } from "vitest";
import type { Gpu, StageDefinition } from "../../../../components/stage/definition.ts";
import { gpuProblems } from "../../../../stacks/checks/gpu-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";

function stage(number: number, name: string, gpu: Gpu, replicas = 1): StageDefinition {
  return {
    number,
    name,
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator", gpu, replicas } },
  };
}

function reasonsOf(...stages: readonly StageDefinition[]): Record<string, string> {
  const plan = { config: parseConfig({}), hostCpus: 64, redisDatabases: 32, stages, running: stages };
  return Object.fromEntries(gpuProblems(plan).map(({ key, reason }) => [key, reason]));
}

const HELD_BY_ONE =
  'got the device "0", which stages.one.services.orchestrator.gpu already has; give each service its own devices';

describe("GPUs of the host (C-41)", () => {
  test.each<[string, Gpu, Gpu]>([
    ["one device", { devices: ["0"] }, { devices: ["1", "0"] }],
    ["a device and a number that holds it", { count: 1 }, { devices: ["0"] }],
    ["a device and all of them", { count: "all" }, { devices: ["0"] }],
  ])("%s for two services is refused at the one that names it", (_, one, two) => {
    expect(reasonsOf(stage(1, "one", one), stage(2, "two", two))).toEqual({
      "stages.two.services.orchestrator.gpu": HELD_BY_ONE,
    });
  });

  test("the order of the stages does not matter to a number", () => {
    expect(reasonsOf(stage(1, "two", { devices: ["0"] }), stage(2, "one", { count: 1 }))).toEqual({
      "stages.two.services.orchestrator.gpu": HELD_BY_ONE,
    });
  });

  test("devices for replicas, which would share them, are refused", () => {
    expect(reasonsOf(stage(1, "one", { devices: ["0", "1"] }, 2))).toEqual({
      "stages.one.services.orchestrator.gpu":
        "got devices for 2 replicas, which would share them; define a service for each device",
    });
  });

  test.each<[string, Gpu, Gpu]>([
    ["different devices", { devices: ["0"] }, { devices: ["1"] }],
    ["a device above a number", { count: 1 }, { devices: ["1"] }],
    // Whether it is among the first ones, only the host knows.
    ["a device by its UUID and a number", { count: 1 }, { devices: ["GPU-3a5"] }],
    ["numbers, which people share on purpose", { count: 1 }, { count: 1 }],
  ])("%s are taken", (_, one, two) => {
    expect(reasonsOf(stage(1, "one", one), stage(2, "two", two))).toEqual({});
  });
});
