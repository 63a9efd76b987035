import { describe, expect, test } from "vitest";
import { assertPipelines, type CollectorConfig } from "../../../../components/telemetry/collector-config.ts";

const VALID: CollectorConfig = {
  extensions: { health_check: {} },
  receivers: { otlp: {} },
  processors: { batch: {} },
  exporters: { debug: {} },
  service: {
    extensions: ["health_check"],
    pipelines: { logs: { receivers: ["otlp"], processors: ["batch"], exporters: ["debug"] } },
    telemetry: {},
  },
};

function withPipeline(change: object): CollectorConfig {
  const logs = { receivers: ["otlp"], processors: ["batch"], exporters: ["debug"], ...change };
  return { ...VALID, service: { ...VALID.service, pipelines: { logs } } };
}

describe("assertPipelines", () => {
  test("finds nothing wrong with pipelines whose every part is defined and used", () => {
    expect(() => assertPipelines(VALID)).not.toThrow();
  });

  test.each(["receivers", "processors", "exporters"])("names one of the %s that is not defined", (kind) => {
    expect(() => assertPipelines(withPipeline({ [kind]: ["missing"] }))).toThrow(
      `pipeline "logs" uses "missing", which is not among the ${kind}`,
    );
  });

  test.each(["receivers", "processors", "exporters", "extensions"] as const)(
    "names one of the %s that nothing uses",
    (kind) => {
      const config = { ...VALID, [kind]: { ...VALID[kind], idle: {} } };

      expect(() => assertPipelines(config)).toThrow(`"idle" of the ${kind} is used by no pipeline`);
    },
  );

  test("names an extension that is not defined", () => {
    const config = { ...VALID, service: { ...VALID.service, extensions: ["health_check", "missing"] } };

    expect(() => assertPipelines(config)).toThrow('the service uses "missing"');
  });
});
