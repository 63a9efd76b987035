import type { StageDefinition } from "../../../components/stage/definition.ts";
import { celeryWorker, orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/** Stage 2 finds sentences, words and entities (`000-212`); it is the sources' example of a stage with an internal service (`000-149`). */
export const nlp = {
  number: 2,
  name: "nlp",
  image: REFERENCE_IMAGE,
  processesDocuments: true,
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "celery-worker": celeryWorker({ cpus: 2, memory: "4 GB", memoryReservation: "2 GB" }),
    "ner-service": {
      kind: "internal",
      command: ["python", "-m", "reference_stage.internal"],
      port: 8001,
      limits: { cpus: 1, memory: "1 GB", memoryReservation: "512 MB" },
    },
  },
} as const satisfies StageDefinition;
