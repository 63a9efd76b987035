import type { Environment } from "../../core/environment.ts";
import type { StageDefinition } from "../definition.ts";
import { containerName, internalUrl, peerUrlVariable, servicePort, urlVariable } from "../names.ts";

/**
 * Addresses of the stage's own internal services, one `{NAME}_URL` each (`000-038`), and of the stages that it calls,
 * one `{NAME}_SERVICE_URL` each (`000-154`, `003-083`). A consumer has its stage's own orchestrator process what it
 * takes (`002-085`).
 */
export function peerEnvironment(stage: StageDefinition, peers: readonly StageDefinition[]): Environment {
  const internal = Object.entries(stage.services).flatMap(([name, service]) => {
    const port = servicePort(service);
    return service.kind === "internal" && port !== undefined
      ? [[urlVariable(name), `http://${containerName(stage, name)}:${port}`] as const]
      : [];
  });
  const called = peers
    .filter(({ name }) => stage.calls?.includes(name))
    .map((peer) => [peerUrlVariable(peer.name), internalUrl(peer)] as const);
  return {
    ...Object.fromEntries([...internal, ...called]),
    ...(stage.subscribes === undefined ? {} : { ORCHESTRATOR_URL: internalUrl(stage) }),
  };
}
