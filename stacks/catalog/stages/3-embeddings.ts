import type { StageDefinition } from "../../../components/stage/definition.ts";
import { celeryWorker, orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/** Stage 3 turns texts into vectors (`000-111`); the limits of its worker are the sources' example (`000-112`). */
export const embeddings = {
  number: 3,
  name: "embeddings",
  image: REFERENCE_IMAGE,
  processesDocuments: true,
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
    "celery-worker": celeryWorker({ cpus: 4, memory: "8 GB", memoryReservation: "4 GB" }),
  },
} as const satisfies StageDefinition;
