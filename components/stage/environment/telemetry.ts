import type { Environment } from "../../core/environment.ts";
import type { StageDefinition } from "../definition.ts";
import { telemetryName } from "../names.ts";
import type { StageConnections } from "./connections.ts";

/** Where traces go and under which name (`000-036`, `000-037`). */
export function telemetryEnvironment(
  stage: StageDefinition,
  serviceName: string,
  { tracing }: StageConnections,
): Environment {
  return {
    ...(tracing === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: tracing.url }),
    OTEL_SERVICE_NAME: telemetryName(stage, serviceName),
    OTEL_RESOURCE_ATTRIBUTES: `service.namespace=storytelling,stage=${stage.number},service=${serviceName}`,
  };
}
