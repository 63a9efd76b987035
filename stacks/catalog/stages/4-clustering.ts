import type { StageDefinition } from "../../../components/stage/definition.ts";
import { celeryWorker, orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/** Stage 4 groups documents by their vectors (`000-213`). */
export const clustering = {
  number: 4,
  name: "clustering",
  image: REFERENCE_IMAGE,
  processesDocuments: true,
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "celery-worker": celeryWorker({ cpus: 2, memory: "4 GB", memoryReservation: "2 GB" }),
  },
} as const satisfies StageDefinition;
