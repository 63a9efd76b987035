/** A configuration of the OpenTelemetry Collector: components by name, and pipelines that refer to them. */
export interface CollectorConfig {
  readonly extensions: Components;
  readonly receivers: Components;
  readonly processors: Components;
  readonly exporters: Components;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
    readonly telemetry: object;
  };
}

type Components = Readonly<Record<string, object>>;

export interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

/** Throws when a pipeline refers to what is not defined, or when something is defined that no pipeline uses. */
export function assertPipelines(config: CollectorConfig): void {
  const pipelines = Object.entries(config.service.pipelines);
  for (const kind of ["receivers", "processors", "exporters"] as const) {
    for (const [name, pipeline] of pipelines) {
      assertDefined(config[kind], pipeline[kind], kind, `pipeline "${name}"`);
    }
    assertUsed(
      config[kind],
      pipelines.flatMap(([, pipeline]) => pipeline[kind]),
      kind,
    );
  }
  assertDefined(config.extensions, config.service.extensions, "extensions", "the service");
  assertUsed(config.extensions, config.service.extensions, "extensions");
}

function assertDefined(defined: Components, used: readonly string[], kind: string, user: string): void {
  const missing = used.filter((name) => !(name in defined));
  if (missing.length === 0) return;
  throw new Error(
    `${user} uses ${missing.map((name) => `"${name}"`).join(", ")}, which is not among the ${kind}: ${Object.keys(defined).join(", ")}`,
  );
}

function assertUsed(defined: Components, used: readonly string[], kind: string): void {
  const idle = Object.keys(defined).filter((name) => !used.includes(name));
  if (idle.length === 0) return;
  throw new Error(`${idle.map((name) => `"${name}"`).join(", ")} of the ${kind} is used by no pipeline`);
}
