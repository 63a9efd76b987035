import type { StageDefinition } from "../../../components/stage/definition.ts";
import { orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/**
 * Stage 7 is the public API (`000-113`). It breaks three derived names: its service is `api` and not
 * `orchestrator`, its traces carry no service suffix, and its route is public and limited more strictly
 * (`000-114` to `000-117`, C-36).
 */
export const api = {
  number: 7,
  name: "api",
  image: REFERENCE_IMAGE,
  route: { prefix: "/api/v1/public", rateLimit: "rate-limit-public", authentication: "none" },
  services: {
    api: {
      ...orchestrator({ cpus: 1, memory: "1 GB", memoryReservation: "512 MB" }),
      containerName: "api-orchestrator",
      telemetryName: "stage7-api",
    },
  },
} as const satisfies StageDefinition;
