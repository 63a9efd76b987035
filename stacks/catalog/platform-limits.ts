import type { ResourceLimits } from "../../components/core/managed-container.ts";

/**
 * Limits of the platform's own containers (`001-107`): without the stores that are off unless asked for they fit a host
 * of 2 CPUs and 8 GB beside two stages.
 */
export const LIMITS = {
  "docker-api": { cpus: 0.25, memory: "64 MB" },
  "redis-broker": { cpus: 0.5, memory: "512 MB" },
  "redis-cache": { cpus: 0.5, memory: "512 MB" },
  postgres: { cpus: 1, memory: "1 GB" },
  "event-streams": { cpus: 0.25, memory: "64 MB" },
  "platform-health": { cpus: 0.25, memory: "64 MB" },
  traefik: { cpus: 1, memory: "256 MB" },
  prometheus: { cpus: 1, memory: "512 MB" },
  loki: { cpus: 1, memory: "512 MB" },
  tempo: { cpus: 1, memory: "512 MB" },
  telemetry: { cpus: 0.5, memory: "256 MB" },
  identity: { cpus: 0.5, memory: "256 MB" },
  grafana: { cpus: 0.5, memory: "512 MB" },
  elasticsearch: { cpus: 1, memory: "2 GB" },
  neo4j: { cpus: 1, memory: "2 GB" },
} as const satisfies Record<string, ResourceLimits>;
