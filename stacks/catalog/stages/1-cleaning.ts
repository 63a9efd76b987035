import type { StageDefinition } from "../../../components/stage/definition.ts";
import { celeryWorker, orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/** Stage 1 takes raw documents, cleans their text and tells the others (`000-108`, `002-028`, `002-029`). */
export const cleaning = {
  number: 1,
  name: "cleaning",
  image: REFERENCE_IMAGE,
  processesDocuments: true,
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "celery-worker": celeryWorker({ cpus: 2, memory: "4 GB", memoryReservation: "2 GB" }),
  },
  publishes: {
    types: ["com.storytelling.cleaning.document.cleaned", "com.storytelling.cleaning.job.completed"],
  },
} as const satisfies StageDefinition;
