import type { Environment } from "../../core/environment.ts";
import type { LogLevel, StageDefinition } from "../definition.ts";
import { servicePort, stageProject } from "../names.ts";

/** Who the container is (`000-101`, `003-044`). */
export function identityEnvironment(
  stage: StageDefinition,
  serviceName: string,
  defaultLogLevel: LogLevel,
): Environment {
  const service = stage.services[serviceName];
  const port = service === undefined ? undefined : servicePort(service);
  return {
    STAGE_NUMBER: String(stage.number),
    STAGE_NAME: stage.name,
    SERVICE: serviceName,
    SERVICE_NAME: stageProject(stage),
    SERVICE_VERSION: stage.version ?? "1.0.0",
    ...(port === undefined ? {} : { SERVICE_PORT: String(port) }),
    LOG_LEVEL: stage.logLevel ?? defaultLogLevel,
  };
}
