import { type Check, type CheckResult } from "./check.ts";
import { hygieneChecks, serviceChecks } from "./checks/containers.ts";
import { documentChecks } from "./checks/document.ts";
import { eventChecks } from "./checks/events.ts";
import { gatewayChecks, healthThroughGateway, rateLimitCheck } from "./checks/gateway.ts";
import { grafanaChecks } from "./checks/grafana.ts";
import { identityChecks } from "./checks/identity.ts";
import { observabilityChecks } from "./checks/observability.ts";
import { platformHealthChecks } from "./checks/platform-health.ts";
import { standaloneChecks } from "./checks/standalone.ts";
import { storeChecks } from "./checks/stores.ts";
import type { VerifyContext } from "./context.ts";
import { runChecks } from "./runner.ts";

/**
 * How much is asked. `quick`: containers and health, in a moment. `thorough`: everything but the rate limit, which
 * would lock this host out of the gateway for a minute. `complete`: everything.
 */
export type Depth = "quick" | "thorough" | "complete";

/** The checks of a depth, in the order in which their results are told. */
export function selectChecks(context: VerifyContext, depth: Depth): Check[] {
  const { stages, urls } = context.outputs;
  if (urls.gateway === undefined) return standaloneChecks(context, depth === "quick");
  const running = [...serviceChecks(context), ...platformHealthChecks(context)];
  if (depth === "quick") return [...running, ...stages.map(healthThroughGateway)];
  return [
    ...running,
    ...hygieneChecks(context),
    ...stages.flatMap((stage) => [
      ...storeChecks(context, stage),
      ...gatewayChecks(context, stage),
      ...identityChecks(stage),
      ...(stage.processesDocuments && (stage.isOpen || stage.asksForToken)
        ? documentChecks(context, stage)
        : []),
      ...eventChecks(context, stage),
      ...observabilityChecks(context, stage),
    ]),
    ...grafanaChecks(context),
    ...(depth === "complete"
      ? stages.filter(({ hasOwnRateLimit }) => !hasOwnRateLimit).map(rateLimitCheck)
      : []),
  ];
}

/** Runs the checks of a depth and hands each result over as it comes. */
export async function verify(
  context: VerifyContext,
  depth: Depth,
  onResult: (result: CheckResult) => void,
): Promise<CheckResult[]> {
  return runChecks(selectChecks(context, depth), onResult);
}
