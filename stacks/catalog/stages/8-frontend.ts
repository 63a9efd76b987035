import type { StageDefinition } from "../../../components/stage/definition.ts";

/**
 * Stage 8 is what readers see (`000-118`): pages without a store of their own. The sources give it no route; it is served
 * under `/app` (C-37).
 */
export const frontend = {
  number: 8,
  name: "frontend",
  image: { build: "examples/frontend" },
  stores: [],
  // Whoever is to log in has to see a page first.
  route: { prefix: "/app", priority: 10, authentication: "none" },
  services: {
    web: { kind: "frontend", limits: { cpus: 0.5, memory: "256 MB" }, user: "stage", readOnlyRoot: true },
  },
} as const satisfies StageDefinition;
