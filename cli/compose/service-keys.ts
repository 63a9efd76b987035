import type { StageDefinition } from "../../components/stage/definition.ts";
import { containerNames, entryName, numbered } from "../../components/stage/names.ts";

/**
 * Keys of a service's containers in a compose file. The entry is `orchestrator-service`, or `api-service` of stage 7; all
 * others have their own names (`000-114`, `000-181`). Several alike are numbered like their containers (C-17).
 */
export function serviceKeys(stage: StageDefinition, serviceName: string): string[] {
  const key = serviceName === entryName(stage) ? entryKey(stage, serviceName) : serviceName;
  return numbered(key, containerNames(stage, serviceName).length);
}

/** Key of a service that runs once, and of the first of several. */
export function firstKey(stage: StageDefinition, serviceName: string): string {
  return serviceKeys(stage, serviceName)[0] ?? serviceName;
}

function entryKey(stage: StageDefinition, serviceName: string): string {
  const key = `${serviceName}-service`;
  return serviceName.endsWith("-service") || key in stage.services ? serviceName : key;
}
