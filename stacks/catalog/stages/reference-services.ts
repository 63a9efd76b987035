import type { ResourceLimits } from "../../../components/core/managed-container.ts";
import type { StageImage, StageService } from "../../../components/stage/definition.ts";

/** The reference stage, which stands for a stage until its team attaches its own image. */
export const REFERENCE_IMAGE: StageImage = { build: "examples/reference-stage" };

/** Takes documents from the gateway and answers with their results. */
export function orchestrator(limits: ResourceLimits): StageService {
  return { kind: "orchestrator", command: ["python", "-m", "reference_stage.api"], limits };
}

/** Port on which every role of the reference stage answers `/health` and `/metrics`. */
const PORT = 8000;

/** Works off the stage's Celery tasks. A running task may finish before the worker stops. */
export function celeryWorker(limits: ResourceLimits): StageService {
  return {
    kind: "worker",
    command: ["python", "-m", "reference_stage.worker"],
    port: PORT,
    metrics: { port: PORT, path: "/metrics" },
    limits,
    stopGraceSeconds: 60,
  };
}
