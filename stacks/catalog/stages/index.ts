import type { StageDefinition } from "../../../components/stage/definition.ts";
import { cleaning } from "./1-cleaning.ts";
import { nlp } from "./2-nlp.ts";
import { embeddings } from "./3-embeddings.ts";
import { clustering } from "./4-clustering.ts";
import { graph } from "./5-graph.ts";
import { timeline } from "./6-timeline.ts";
import { api } from "./7-api.ts";
import { frontend } from "./8-frontend.ts";

/** The eight stages of the pipeline, in the order of their numbers (`000-121`). */
export const STAGE_CATALOG: readonly StageDefinition[] = [
  cleaning,
  nlp,
  embeddings,
  clustering,
  graph,
  timeline,
  api,
  frontend,
];
