import type { StageDefinition } from "../../../components/stage/definition.ts";
import {
  celeryWorker,
  eventConsumer,
  findingService,
  orchestrator,
  REFERENCE_IMAGE,
} from "./reference-services.ts";

/**
 * Stage 2 finds sentences, words and entities in what stage 1 cleaned (`000-212`). It is the sources' example of a stage
 * with internal services and with a consumer of another stage's events: six containers (`000-149`, `002-016`).
 */
export const nlp = {
  number: 2,
  name: "nlp",
  image: REFERENCE_IMAGE,
  processesDocuments: true,
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "celery-worker": celeryWorker({ cpus: 2, memory: "4 GB", memoryReservation: "2 GB" }),
    "event-consumer": eventConsumer({ cpus: 0.5, memory: "512 MB" }),
    "ner-service": findingService("entities", 8001, { cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "dp-service": findingService("dependencies", 8002, { cpus: 0.5, memory: "512 MB" }),
    "event-llm-service": findingService("events", 8003, { cpus: 0.5, memory: "512 MB" }),
  },
  publishes: {
    types: ["com.storytelling.nlp.document.processed", "com.storytelling.nlp.job.completed"],
  },
  subscribes: [{ from: "cleaning" }],
  reads: { databases: ["cleaning"] },
} as const satisfies StageDefinition;
