import { attachedStages, configuredStage } from "../../stacks/attached-stages.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { stageServices, stageSummary } from "../../stacks/outputs.ts";
import { catalogStage } from "../catalog-stage.ts";
import type { PlatformOutputs } from "../pulumi/outputs.ts";

/**
 * The outputs with one stage and nothing else. The stage is taken from the catalogue, so that one whose containers somebody
 * else runs, Compose for example, can be looked at, too. Throws a UserError for a name that no stage has.
 */
export function focusOn(outputs: PlatformOutputs, name: string, config: PlatformConfig): PlatformOutputs {
  const definition = configuredStage(catalogStage(name), config);
  const { gateway } = outputs.urls;
  const peers = attachedStages(config).map((attached) => attached.definition);
  return {
    ...outputs,
    stages: [stageSummary(definition, gateway, peers)],
    services: stageServices(definition, gateway),
  };
}
