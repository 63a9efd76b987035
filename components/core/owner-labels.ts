/**
 * The labels by which the platform recognises what is its own, and nobody else's. The CLI removes a leftover
 * container only when it carries them.
 */
export const OWNER_LABELS = {
  project: "storytelling.project",
  stack: "storytelling.stack",
  /** Logical name of the Pulumi resource. */
  resource: "storytelling.resource",
  /** Hash of the inputs that the Docker provider cannot change on a running container. */
  spec: "storytelling.spec",
} as const;

/** Marks a container that does its work and ends; its end with exit code 0 is no failure. */
export const RUNS_TO_END_LABEL = "storytelling.runs-to-end";

/** Carries the reason why a container has no health check. */
export const NO_HEALTH_CHECK_LABEL = "storytelling.no-health-check";
