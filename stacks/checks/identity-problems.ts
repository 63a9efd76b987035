import type { Problem } from "../../components/core/errors.ts";
import { stageRoutes } from "../../components/stage/stage-routes.ts";
import type { DeploymentPlan } from "./deployment-plan.ts";

/** Routes that ask who a client is, where nothing can tell. A stage that stands alone has no gateway. */
export function identityProblems({ stages, config }: Pick<DeploymentPlan, "stages" | "config">): Problem[] {
  if (config.mode === "standalone") return [];
  return stages.flatMap((stage) =>
    stageRoutes(stage)
      .filter(({ route }) => route.authentication === "identity")
      .map(({ field }) => ({
        key: `stages.${stage.name}.${field}.authentication`,
        reason:
          'got "identity", this deployment has no identity service; write { basic: "…" } with a list of gateway.users, or "none"',
      })),
  );
}
