import { beforeAll, describe, expect, test } from "vitest";
import { hostName, ofType, type ProgramRun, runProgram } from "./program.ts";

let dev: ProgramRun;
beforeAll(async () => {
  dev = await runProgram();
});

describe("data survives", () => {
  test("because exactly the resources that hold or open data are protected", () => {
    expect(
      dev.resources
        .filter(({ options }) => options.protect)
        .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`)
        .sort(),
    ).toEqual([
      "Database stage1-cleaning-database-database",
      "Database stage2-nlp-database-database",
      "DefaultPrivileges stage2-nlp-reads-stage1-later-sequence",
      "DefaultPrivileges stage2-nlp-reads-stage1-later-table",
      "Grant stage1-cleaning-database-privacy",
      "Grant stage2-nlp-database-privacy",
      "Grant stage2-nlp-reads-stage1-connect",
      "Grant stage2-nlp-reads-stage1-now-schema",
      "Grant stage2-nlp-reads-stage1-now-sequence",
      "Grant stage2-nlp-reads-stage1-now-table",
      "RandomPassword grafana-admin-password",
      "RandomPassword postgres-admin-password",
      "Role stage1-cleaning-database-owner",
      "Role stage2-nlp-database-owner",
      "Role stage2-nlp-reads-stage1-role",
      "Volume grafana-data",
      "Volume loki-data",
      "Volume postgres-data",
      "Volume prometheus-data",
      "Volume redis-broker-data",
      "Volume redis-cache-data",
      "Volume telemetry-data",
      "Volume tempo-data",
    ]);
  });

  test("because every volume outlives a destroy, and a changed label does not empty it", () => {
    for (const { options } of ofType(dev, "docker:index/volume:Volume")) {
      expect(options).toMatchObject({ protect: true, retainOnDelete: true, ignoreChanges: ["labels"] });
    }
  });

  test("because every volume that a container mounts is one of these", () => {
    const volumes = ofType(dev, "docker:index/volume:Volume").map(hostName);
    const mounted = ofType(dev, "docker:index/container:Container").flatMap(({ inputs }) =>
      (inputs["volumes"] as { volumeName?: string }[]).flatMap(({ volumeName }) => volumeName ?? []),
    );

    expect(mounted.sort()).toEqual(volumes.sort());
  });

  test("because a stage that is switched off keeps its database", async () => {
    const off = await runProgram({ config: { stages: { cleaning: { enabled: false }, nlp: {} } } });
    const below = ({ resources }: ProgramRun, type: string) =>
      resources.filter((resource) => resource.type === type && resource.name.startsWith("stage1-"));

    for (const type of ["postgresql:index/database:Database", "postgresql:index/role:Role"]) {
      expect(below(off, type).map(({ inputs }) => inputs)).toEqual(
        below(dev, type).map(({ inputs }) => inputs),
      );
      expect(below(off, type)).toHaveLength(1);
    }
    expect(below(off, "docker:index/container:Container")).toEqual([]);
    expect(off.outputs.stages.map(({ name }) => name)).toEqual(["nlp"]);
  });
});
