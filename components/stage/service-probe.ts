import { commandProbe, type HealthProbe, httpProbe, type ProbeTiming, processProbe } from "../core/health.ts";
import type { StageService } from "./definition.ts";
import { servicePort } from "./names.ts";

/** Asking a worker starts Python and goes over the broker, which takes seconds of CPU. */
const CELERY_TIMING: ProbeTiming = { interval: "60s", timeout: "30s", retries: 3, startPeriod: "60s" };

/**
 * How Docker asks the service: its own probe, else `/health` on its port (`000-044`), else Celery's own means.
 * Undefined where neither is possible, which the checks refuse. A job ends and is not asked.
 */
export function serviceProbe(service: StageService): HealthProbe | undefined {
  if (service.health !== undefined) return service.health;
  const port = servicePort(service);
  if (port !== undefined) return httpProbe(port, "/health");
  if (service.celeryApp === undefined || service.command !== undefined) return undefined;
  if (service.kind === "scheduler") return processProbe("celery");
  // The node's name is `celery@` and the host name, which differs from replica to replica.
  const ping = `celery -A ${service.celeryApp} inspect ping -d celery@$HOSTNAME`;
  return commandProbe(["sh", "-c", ping], CELERY_TIMING);
}
