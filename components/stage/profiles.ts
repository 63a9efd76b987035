import type { ResourceLimits } from "../core/managed-container.ts";
import type { Profile, ServiceKind, StageDefinition } from "./definition.ts";

/**
 * Limits by the size of a stage and the kind of a service. The worker of a medium stage is the sources' example: 4 CPUs
 * and 8 GB, half of the memory reserved (`000-060`, `000-112`, `000-135`); everything else is scaled from it.
 */
const PROFILES: Readonly<Record<Profile, Readonly<Record<ServiceKind, ResourceLimits>>>> = {
  small: {
    orchestrator: { cpus: 0.5, memory: "512 MB", memoryReservation: "256 MB" },
    frontend: { cpus: 0.25, memory: "128 MB" },
    worker: { cpus: 1, memory: "2 GB", memoryReservation: "1 GB" },
    scheduler: { cpus: 0.25, memory: "256 MB" },
    internal: { cpus: 0.5, memory: "512 MB", memoryReservation: "256 MB" },
    consumer: { cpus: 0.25, memory: "256 MB" },
    job: { cpus: 0.5, memory: "512 MB" },
  },
  medium: {
    orchestrator: { cpus: 1, memory: "1 GB", memoryReservation: "512 MB" },
    frontend: { cpus: 0.5, memory: "256 MB" },
    worker: { cpus: 4, memory: "8 GB", memoryReservation: "4 GB" },
    scheduler: { cpus: 0.5, memory: "512 MB" },
    internal: { cpus: 1, memory: "1 GB", memoryReservation: "512 MB" },
    consumer: { cpus: 0.5, memory: "512 MB" },
    job: { cpus: 1, memory: "1 GB" },
  },
  large: {
    orchestrator: { cpus: 2, memory: "2 GB", memoryReservation: "1 GB" },
    frontend: { cpus: 1, memory: "512 MB" },
    worker: { cpus: 8, memory: "16 GB", memoryReservation: "8 GB" },
    scheduler: { cpus: 0.5, memory: "512 MB" },
    internal: { cpus: 4, memory: "8 GB", memoryReservation: "4 GB" },
    consumer: { cpus: 1, memory: "1 GB" },
    job: { cpus: 2, memory: "2 GB" },
  },
};

/** The limits of a service: its own, else those of the stage's profile for its kind. */
export function serviceLimits(stage: StageDefinition, serviceName: string): ResourceLimits {
  const service = stage.services[serviceName];
  if (service === undefined) throw new Error(`stage ${stage.name} has no service ${serviceName}`);
  return service.limits ?? PROFILES[stage.profile ?? "medium"][service.kind];
}
