import { commandProbe, STAGE_TIMING } from "../../../components/core/health.ts";
import type { ResourceLimits } from "../../../components/core/managed-container.ts";
import type { StageImage, StageService } from "../../../components/stage/definition.ts";

/** The reference stage, which stands for a stage until its team attaches its own image. */
export const REFERENCE_IMAGE: StageImage = { build: "examples/reference-stage" };

/** How the image runs: as its own user, who writes nothing outside memory. */
const HARDENED = { user: "stage", readOnlyRoot: true } as const;

/** Takes documents from the gateway and answers with their results. */
export function orchestrator(limits: ResourceLimits): StageService {
  return { kind: "orchestrator", command: ["python", "-m", "reference_stage.api"], limits, ...HARDENED };
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
    ...HARDENED,
  };
}

/** What an internal service of the reference stage finds in a text. */
type Finding = "entities" | "dependencies" | "events";

/** Answers the stage's worker on a port of its own (`000-149`, `002-016`). */
export function findingService(finding: Finding, port: number, limits: ResourceLimits): StageService {
  return {
    kind: "internal",
    command: ["python", "-m", "reference_stage.internal", finding],
    port,
    limits,
    ...HARDENED,
  };
}

/** Takes events of another stage. It listens on no port, so a command reads how it is (`002-046`, C-16). */
export function eventConsumer(limits: ResourceLimits): StageService {
  const command = ["python", "-m", "reference_stage.event_consumer"];
  const health = commandProbe([...command, "--health"], STAGE_TIMING);
  return { kind: "consumer", command, health, limits, user: HARDENED.user };
}
