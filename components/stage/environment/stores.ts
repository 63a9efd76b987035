import type { Environment } from "../../core/environment.ts";
import type { StageConnections } from "./connections.ts";

/** The optional stores that the stage lists (`000-030` to `000-033`). */
export function storesEnvironment({ documents, graph }: StageConnections): Environment {
  return {
    ...(documents === undefined
      ? {}
      : {
          ELASTICSEARCH_URL: documents.url,
          ELASTICSEARCH_USER: documents.user,
          ELASTICSEARCH_PASSWORD: documents.password,
        }),
    ...(graph === undefined
      ? {}
      : { NEO4J_URL: graph.url, NEO4J_USER: graph.user, NEO4J_PASSWORD: graph.password }),
  };
}
