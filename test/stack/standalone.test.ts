import { beforeAll, describe, expect, test } from "vitest";
import { environmentOf, labelsOf } from "../support/labels.ts";
import { duplicateUrnsOf, orphansOf } from "../support/tree.ts";
import { hostName, ofType, type ProgramRun, runProgram } from "./program.ts";

const CONTAINER = "docker:index/container:Container";

function standalone(stages: Readonly<Record<string, object>>): Promise<ProgramRun> {
  return runProgram({ config: { mode: "standalone", stages, limitScale: 0.25, host: { cpus: 2 } } });
}

describe("stage 2 alone (000-009)", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    run = await standalone({ nlp: {} });
  });

  function container(name: string) {
    const found = ofType(run, CONTAINER).find((candidate) => hostName(candidate) === name);
    if (found === undefined) throw new Error(`the program asks for no container ${name}`);
    return found;
  }

  test("has its stores and its own services, and nothing of the platform or of what comes from other stages", () => {
    expect(ofType(run, CONTAINER).map(hostName).sort()).toEqual([
      "nlp-celery-worker",
      "nlp-dp-service",
      "nlp-event-llm-service",
      "nlp-ner-service",
      "nlp-orchestrator",
      "nlp-postgres",
      "nlp-redis",
    ]);
    expect(ofType(run, "docker:index/network:Network").map(hostName)).toEqual(["stage2-nlp"]);
    expect(orphansOf(run.resources)).toEqual([]);
    expect(duplicateUrnsOf(run.resources)).toEqual([]);
  });

  test("publishes its entry and its PostgreSQL on 127.0.0.1, and nothing else", () => {
    const ports = ofType(run, CONTAINER).flatMap(({ inputs }) => inputs["ports"] as object[]);
    expect(ports).toHaveLength(2);
    expect(container("nlp-orchestrator").inputs["ports"]).toMatchObject([
      { internal: 8000, external: 8002, ip: "127.0.0.1" },
    ]);
    expect(container("nlp-postgres").inputs["ports"]).toMatchObject([{ external: 5432, ip: "127.0.0.1" }]);
  });

  test("has both databases of Redis on one server, its own PostgreSQL, and nowhere to send traces", () => {
    const environment = environmentOf(container("nlp-celery-worker"));
    expect(environment).toMatchObject({
      REDIS_URL: "redis://redis:6379/2",
      REDIS_CACHE_URL: "redis://redis:6379/3",
      EVENT_PUBLISH_URL: "redis://redis:6379/3",
      POSTGRES_HOST: "postgres",
      POSTGRES_DB: "stage2_nlp",
      POSTGRES_USER: "stage2_user",
    });
    const foreign = /^(OTEL_EXPORTER|EVENT_CONSUMER|EVENT_STREAM|STAGE1_)/;
    expect(Object.keys(environment).filter((variable) => foreign.test(variable))).toEqual([]);
  });

  test("has no labels for a gateway or for Prometheus, which are not there", () => {
    const labels = Object.keys(labelsOf(container("nlp-orchestrator")));
    expect(labels.filter((label) => /traefik|prometheus/.test(label))).toEqual([]);
  });

  test("tells where it is, in outputs of the usual shape", () => {
    expect(run.outputs.urls).toEqual({});
    expect(run.outputs.stages).toMatchObject([
      { name: "nlp", url: "http://localhost:8002", healthUrl: "http://localhost:8002/health" },
    ]);
    expect(run.outputs.services.slice(0, 3)).toEqual([
      { service: "redis", container: "nlp-redis" },
      { service: "postgres", container: "nlp-postgres" },
      { service: "orchestrator", container: "nlp-orchestrator", stage: 2, url: "http://localhost:8002" },
    ]);
  });
});

test.each([
  ["no stage", {}, "got none"],
  ["two stages", { cleaning: {}, nlp: {} }, "got cleaning, nlp"],
])("%s cannot stand alone, and the error says what to do", async (_, stages, got) => {
  await expect(standalone(stages)).rejects.toThrow(new RegExp(`stages: ${got}.*exactly one stage; name one`));
});
