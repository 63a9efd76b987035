import type { StageDefinition } from "../../../components/stage/definition.ts";
import { orchestrator, REFERENCE_IMAGE } from "./reference-services.ts";

/** Stage 8 is what readers see (`000-118`). The sources give it no route; it is served under `/app` (C-37). */
export const frontend = {
  number: 8,
  name: "frontend",
  image: REFERENCE_IMAGE,
  route: { prefix: "/app", priority: 10 },
  services: {
    orchestrator: orchestrator({ cpus: 1, memory: "512 MB" }),
  },
} as const satisfies StageDefinition;
