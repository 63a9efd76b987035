import type { StageDefinition } from "../../../components/stage/definition.ts";
import { celeryWorker, orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/** Stage 6 orders events in time (`000-215`). */
export const timeline = {
  number: 6,
  name: "timeline",
  image: REFERENCE_IMAGE,
  processesDocuments: true,
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "celery-worker": celeryWorker({ cpus: 2, memory: "4 GB", memoryReservation: "2 GB" }),
  },
} as const satisfies StageDefinition;
