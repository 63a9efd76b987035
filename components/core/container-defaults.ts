/** What every container of the platform has, by whichever way it is made. */
export const CONTAINER_DEFAULTS = {
  /** An own first process hands signals on and buries orphans. */
  init: true,
  restart: "unless-stopped",
  stopGraceSeconds: 10,
  droppedCapabilities: ["ALL"],
  securityOptions: ["no-new-privileges:true"],
  logDriver: "json-file",
  // `labels` and `tag` put stage, service and name beside each line, where the collector finds them.
  logOptions: { "max-size": "10m", "max-file": "3", labels: "stage,service", tag: "{{.Name}}" },
} as const;
