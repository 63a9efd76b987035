import type { Environment } from "../../core/environment.ts";
import type { StageService } from "../definition.ts";

/** What a worker is to work off, for applications that start Celery themselves. */
export function celeryEnvironment({ queues, concurrency }: StageService): Environment {
  return {
    ...(queues === undefined ? {} : { CELERY_QUEUES: queues.join(",") }),
    ...(concurrency === undefined ? {} : { CELERY_CONCURRENCY: String(concurrency) }),
  };
}
