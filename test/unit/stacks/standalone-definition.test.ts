import { expect, test } from "vitest";
import { noProbe } from "../../../components/core/health.ts";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { definitionProblems } from "../../../components/stage/definition-problems.ts";
import { STAGE_CATALOG } from "../../../stacks/catalog/stages/index.ts";
import { standaloneDefinition, standalonePort } from "../../../stacks/standalone-definition.ts";

test("a stage alone has nothing that leads to others, and its entry once", () => {
  const stage: StageDefinition = {
    number: 2,
    name: "nlp",
    image: { reference: "nlp:1.0.0" },
    calls: ["api"],
    reads: { databases: ["cleaning"], files: ["cleaning"] },
    subscribes: [{ from: "cleaning" }],
    publishes: { types: ["com.storytelling.nlp.document.processed"] },
    services: {
      orchestrator: { kind: "orchestrator", replicas: 2 },
      "event-consumer": { kind: "consumer", health: noProbe("a test") },
      "ner-service": { kind: "internal", port: 8001, replicas: 2 },
    },
  };

  expect(standaloneDefinition(stage)).toEqual({
    number: 2,
    name: "nlp",
    image: { reference: "nlp:1.0.0" },
    publishes: { types: ["com.storytelling.nlp.document.processed"] },
    services: {
      orchestrator: { kind: "orchestrator", replicas: 1 },
      "ner-service": { kind: "internal", port: 8001, replicas: 2 },
    },
  });
});

test("every stage of the catalogue is still a valid definition", () => {
  expect(STAGE_CATALOG.map(standaloneDefinition).flatMap(definitionProblems)).toEqual([]);
});

test("the eight stages have the ports 8001 to 8008, so that several may stand alone on one machine", () => {
  expect(STAGE_CATALOG.map(standalonePort)).toEqual([8001, 8002, 8003, 8004, 8005, 8006, 8007, 8008]);
});
