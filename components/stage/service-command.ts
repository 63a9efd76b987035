import type { LogLevel, StageDefinition, StageService } from "./definition.ts";

/** The command line of a service: its own, else Celery's for a worker or scheduler that names its application. */
export function serviceCommand(
  stage: StageDefinition,
  service: StageService,
  defaultLogLevel: LogLevel,
): readonly string[] | undefined {
  if (service.command !== undefined || service.celeryApp === undefined) return service.command;
  const celery = ["celery", "-A", service.celeryApp];
  const level = `--loglevel=${stage.logLevel ?? defaultLogLevel}`;
  // The schedule is a file that beat writes, and the folder of the application may be read-only.
  if (service.kind === "scheduler") return [...celery, "beat", level, "--schedule=/tmp/celerybeat-schedule"];
  return [
    ...celery,
    "worker",
    level,
    ...(service.queues === undefined ? [] : [`--queues=${service.queues.join(",")}`]),
    ...(service.concurrency === undefined ? [] : [`--concurrency=${service.concurrency}`]),
  ];
}
