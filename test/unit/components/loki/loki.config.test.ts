import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import { renderLokiConfig } from "../../../../components/loki/loki.config.ts";

const FILE = toYaml(renderLokiConfig({ port: 3100, dataPath: "/loki", retention: "168h" }));
const config = parse(FILE) as ReturnType<typeof renderLokiConfig>;

describe("renderLokiConfig", () => {
  test("makes streams of stage, service and container only", () => {
    expect(config.limits_config.otlp_config.resource_attributes).toEqual({
      ignore_defaults: true,
      attributes_config: [{ action: "index_label", attributes: ["stage", "service", "container_name"] }],
    });
    expect(config.limits_config.discover_service_name).toEqual([]);
    expect(config.limits_config.allow_structured_metadata).toBe(true);
  });

  test("removes lines that are older than the retention, which needs all four settings", () => {
    expect(config.limits_config.retention_period).toBe("168h");
    expect(config.compactor).toEqual({
      working_directory: "/loki/compactor",
      retention_enabled: true,
      delete_request_store: "filesystem",
    });
  });

  test("stores what it writes below the data folder, in the newest schema", () => {
    expect(config.common.path_prefix).toBe("/loki");
    expect(Object.values(config.common.storage.filesystem)).toEqual(["/loki/chunks", "/loki/rules"]);
    expect(config.schema_config.configs).toEqual([
      expect.objectContaining({ store: "tsdb", object_store: "filesystem", schema: "v13" }),
    ]);
  });

  test("waits for nobody when it starts", () => {
    expect(config.ingester.lifecycler.min_ready_duration).toBe("0s");
    expect(config.frontend_worker.frontend_address).toBe(`127.0.0.1:${config.server.grpc_listen_port}`);
  });

  test("is the reviewed file", async () => {
    await expect(FILE).toMatchFileSnapshot("../../../golden/loki.yml");
  });
});
