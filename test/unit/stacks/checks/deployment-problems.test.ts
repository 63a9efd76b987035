import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import type { DeploymentPlan } from "../../../../stacks/checks/deployment-plan.ts";
import { deploymentProblems } from "../../../../stacks/checks/deployment-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";

function stage(number: number, name: string, changes: Partial<StageDefinition> = {}): StageDefinition {
  return {
    number,
    name,
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator", limits: { cpus: 1, memory: "1 GB" } } },
    ...changes,
  };
}

function plan(stages: readonly StageDefinition[], changes: Partial<DeploymentPlan> = {}): DeploymentPlan {
  return { config: parseConfig({}), hostCpus: 4, redisDatabases: 32, stages, running: stages, ...changes };
}

describe("deploymentProblems", () => {
  test("finds none in the eight stages of the catalogue on a host of four CPUs", () => {
    expect(deploymentProblems(plan(STAGE_CATALOG))).toEqual([]);
  });

  test("finds none where there is no stage", () => {
    expect(deploymentProblems(plan([]))).toEqual([]);
  });

  test("tells the problems of every single definition", () => {
    expect(deploymentProblems(plan([stage(9, "nine")]))).toContainEqual({
      key: "stages.nine.number",
      reason: "got 9, a stage has a whole number from 1 to 8; correct it in the stage's definition",
    });
  });

  test("fails for two stages of one number (000-003)", () => {
    expect(deploymentProblems(plan([stage(2, "nlp"), stage(2, "topics")]))).toEqual([
      {
        key: "stages.topics",
        reason:
          'got the number "2", which stage "nlp" already has; each stage needs its own, change one of the two',
      },
    ]);
  });

  test("fails for two stages of one name, with all that follows from it", () => {
    expect(deploymentProblems(plan([stage(2, "nlp"), stage(3, "nlp")])).map(({ reason }) => reason)).toEqual([
      'got the name "nlp", which stage "nlp" already has; each stage needs its own, change one of the two',
      'got the container name "nlp-orchestrator", which stage "nlp" already has; each stage needs its own, change one of the two',
      'got "/api/v1/nlp", which stages.nlp.route also has; give each route its own',
    ]);
  });

  test("fails for two containers of one name", () => {
    const stages = [stage(2, "nlp"), stage(3, "topics", { containerPrefix: "nlp" })];

    expect(deploymentProblems(plan(stages))).toEqual([
      {
        key: "stages.topics",
        reason:
          'got the container name "nlp-orchestrator", which stage "nlp" already has; each stage needs its own, change one of the two',
      },
    ]);
  });

  test("fails for two stages on one database", () => {
    const stages = [stage(2, "nlp"), stage(3, "topics", { database: { database: "stage2_nlp" } })];

    expect(deploymentProblems(plan(stages))).toEqual([
      {
        key: "stages.topics",
        reason:
          'got the database "stage2_nlp", which stage "nlp" already has; each stage needs its own, change one of the two',
      },
    ]);
  });

  test.each([
    ["nlp2", {}, "/api/v1/nlp2"],
    ["topics", { route: { prefix: "/api/v1/nlp/topics" } }, "/api/v1/nlp/topics"],
  ])("fails for the route of %s, which the route of nlp would answer (000-191)", (name, changes, prefix) => {
    expect(deploymentProblems(plan([stage(2, "nlp"), stage(3, name, changes)]))).toEqual([
      {
        key: `stages.${name}.route.prefix`,
        reason: `got "${prefix}", which the route "/api/v1/nlp" of stage "nlp" also matches; choose prefixes of which none begins with another`,
      },
    ]);
  });

  test("takes routes that only look alike", () => {
    expect(deploymentProblems(plan([stage(2, "nlp"), stage(3, "my-nlp")]))).toEqual([]);
  });

  test("fails for a stage whose Redis databases are not there (C-29)", () => {
    expect(deploymentProblems(plan([stage(8, "frontend")], { redisDatabases: 15 }))).toEqual([
      {
        key: "stages.frontend.number",
        reason:
          "got 8, which needs the Redis databases 14 and 15; there are 15, give the stage a lower number",
      },
    ]);
    expect(deploymentProblems(plan([stage(8, "frontend")], { redisDatabases: 16 }))).toEqual([]);
  });

  test("fails for two services on one port of the host", () => {
    const config = parseConfig({ hostPorts: { gateway: 3000, postgres: 9090 } });

    expect(deploymentProblems(plan([], { config }))).toEqual([
      {
        key: "hostPorts.grafana",
        reason:
          "got 3000, which hostPorts.gateway already has; every port of the host has one owner, choose another from 1 to 65535",
      },
      {
        key: "hostPorts.postgres",
        reason:
          "got 9090, which hostPorts.prometheus already has; every port of the host has one owner, choose another from 1 to 65535",
      },
    ]);
  });

  test("lets another service have Grafana's port while Grafana is off", () => {
    const config = parseConfig({ hostPorts: { gateway: 3000 }, grafana: { enabled: false } });

    expect(deploymentProblems(plan([], { config }))).toEqual([]);
  });

  test("fails for more CPUs than the host has, and tells the scale that fits (C-40)", () => {
    const large = stage(3, "embeddings", {
      services: { orchestrator: { kind: "orchestrator", limits: { cpus: 4, memory: "8 GB" } } },
    });

    expect(deploymentProblems(plan([large], { hostCpus: 2 }))).toEqual([
      {
        key: "stages.embeddings.services.orchestrator.limits.cpus",
        reason: "got 4, the Docker host has 2; lower the limit, or set limitScale (now 1) to at most 0.5",
      },
    ]);
    expect(deploymentProblems(plan([large], { hostCpus: 4 }))).toEqual([]);
    expect(deploymentProblems(plan([large], { hostCpus: 2, running: [] }))).toEqual([]);
  });

  test("counts the scale that is already set when it tells the one that fits", () => {
    const scaled = stage(3, "embeddings", {
      services: { orchestrator: { kind: "orchestrator", limits: { cpus: 3, memory: "8 GB" } } },
    });
    const config = parseConfig({ limitScale: 0.75 });

    expect(deploymentProblems(plan([scaled], { hostCpus: 1, config }))[0]?.reason).toContain(
      "set limitScale (now 0.75) to at most 0.25",
    );
  });

  test("tells every contradiction at once", () => {
    const stages = [stage(2, "nlp"), stage(2, "nlp2")];
    const config = parseConfig({ hostPorts: { gateway: 3000 } });

    expect(
      deploymentProblems(plan(stages, { config, redisDatabases: 2, hostCpus: 0.5 })).map(({ key }) => key),
    ).toEqual([
      "stages.nlp2",
      "stages.nlp2.route.prefix",
      "stages.nlp.number",
      "stages.nlp2.number",
      "hostPorts.grafana",
      "stages.nlp.services.orchestrator.limits.cpus",
      "stages.nlp2.services.orchestrator.limits.cpus",
    ]);
  });
});
