import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { toYaml } from "../../../../components/core/yaml.ts";
import {
  prometheusFlags,
  renderPrometheusConfig,
} from "../../../../components/prometheus/prometheus.config.ts";
import { scrapeLabels } from "../../../../components/prometheus/scrape-labels.ts";

const FILE = toYaml(
  renderPrometheusConfig({
    dockerApiUrl: "tcp://docker-api:2375",
    networkName: "storytelling",
    platformNetworkNames: ["observability-storytelling", "storytelling-ops"],
  }),
);
const config = parse(FILE) as ReturnType<typeof renderPrometheusConfig>;
const containers = onlyOf(config.scrape_configs);

function onlyOf<T>(list: readonly T[]): T {
  const [only] = list;
  if (only === undefined || list.length > 1) throw new Error(`expected one, got ${list.length}`);
  return only;
}

/** The rules of `prometheus.yml` as Prometheus applies them, for labels in and labels out; undefined is dropped. */
function relabel(rules: readonly Rule[], labels: Readonly<Record<string, string>>) {
  const result = { ...labels };
  for (const rule of rules) {
    const source = rule.source_labels.map((label) => result[label] ?? "").join(rule.separator ?? ";");
    const match = new RegExp(`^(?:${rule.regex ?? "(.*)"})$`, "s").exec(source);
    if (rule.action === "keepequal") {
      if (source !== result[rule.target_label ?? ""]) return undefined;
    } else if (rule.action === "keep") {
      if (match === null) return undefined;
    } else if (match !== null && rule.target_label !== undefined) {
      const value = (rule.replacement ?? "$1").replaceAll("$1", match[1] ?? "");
      if (value === "") delete result[rule.target_label];
      else result[rule.target_label] = value;
    }
  }
  return result;
}

interface Rule {
  readonly source_labels: readonly string[];
  readonly separator?: string;
  readonly regex?: string;
  readonly target_label?: string;
  readonly replacement?: string;
  readonly action?: string;
}

/** What service discovery says of a container on one of its networks. */
function discovered(labels: Readonly<Record<string, string>>, network = "storytelling") {
  const meta = Object.entries(labels).map(([label, value]): [string, string] => [
    `__meta_docker_container_label_${label.replaceAll(".", "_")}`,
    value,
  ]);
  return {
    ...Object.fromEntries(meta),
    __meta_docker_container_name: "/cleaning-orchestrator",
    __meta_docker_network_name: network,
    __meta_docker_network_ip: "172.18.0.7",
    __address__: "172.18.0.7:80",
  };
}

function target(labels: Readonly<Record<string, string>>, network?: string) {
  const relabelled = relabel(containers.relabel_configs, discovered(labels, network));
  if (relabelled === undefined) return undefined;
  return Object.fromEntries(Object.entries(relabelled).filter(([label]) => !/^__(meta|tmp)_/.test(label)));
}

describe("renderPrometheusConfig", () => {
  const orchestrator = {
    stage: "1",
    service: "orchestrator",
    ...scrapeLabels({ job: "stage1-cleaning", port: 8000, path: "/metrics" }),
  };

  test("asks the Docker API over HTTP for containers that say where their metrics are", () => {
    expect(containers.docker_sd_configs).toEqual([
      {
        host: "http://docker-api:2375",
        refresh_interval: "5s",
        match_first_network: false,
        filters: [{ name: "label", values: ["storytelling.metrics.port"] }],
      },
    ]);
  });

  test("a stage's container is the target that its labels say, without the slash of its name", () => {
    expect(target(orchestrator)).toEqual({
      __address__: "172.18.0.7:8000",
      __metrics_path__: "/metrics",
      job: "stage1-cleaning",
      stage: "1",
      service: "orchestrator",
      container_name: "cleaning-orchestrator",
      instance: "cleaning-orchestrator:8000",
    });
  });

  test.each(["storytelling-ops", "xstorytelling", "bridge"])(
    "on network %s it is no second target",
    (network) => {
      expect(target(orchestrator, network)).toBeUndefined();
    },
  );

  test("a container that names a network is the target of that network only", () => {
    const network = "observability-storytelling";
    const labels = {
      service: "loki",
      ...scrapeLabels({ job: "loki", port: 3100, path: "/metrics", network }),
    };

    expect(target(labels, "observability-storytelling")).toMatchObject({ job: "loki", stage: "platform" });
    expect(target(labels, "storytelling")).toBeUndefined();
    expect(target(labels, "storytelling-ops")).toBeUndefined();
  });

  test("a container on the network of another platform is left alone, even if it names that network", () => {
    const network = "observability-other";

    expect(
      target(scrapeLabels({ job: "loki", port: 3100, path: "/metrics", network }), network),
    ).toBeUndefined();
  });

  test("a container without a stage is the platform's", () => {
    const { stage: _, ...platform } = orchestrator;

    expect(target(platform)).toMatchObject({ stage: "platform" });
  });

  test("a name with a dot is matched as it is", () => {
    const { scrape_configs } = renderPrometheusConfig({
      dockerApiUrl: "tcp://a:1",
      networkName: "a.b",
      platformNetworkNames: ["c.d"],
    });

    expect(onlyOf(scrape_configs).relabel_configs[0]?.regex).toBe("a\\.b|c\\.d");
  });

  test("what a stage says of itself a second time is dropped, what the gateway says of others stays", () => {
    const rules: readonly Rule[] = containers.metric_relabel_configs;
    const copies = { exported_stage: "1", exported_service: "worker", exported_container_name: "x" };

    expect(relabel(rules, { stage: "1", service: "orchestrator", ...copies })).toEqual({
      stage: "1",
      service: "orchestrator",
    });
    expect(relabel(rules, { stage: "platform", exported_service: "stage1-cleaning@docker" })).toEqual({
      stage: "platform",
      exported_service: "stage1-cleaning@docker",
    });
  });

  test("names no stage, so that attaching one changes nothing", () => {
    expect(FILE).not.toMatch(/stage\d|cleaning|nlp/);
  });

  test("scrapes every 15 seconds unless told otherwise", () => {
    const faster = renderPrometheusConfig({
      dockerApiUrl: "tcp://a:1",
      networkName: "a",
      platformNetworkNames: [],
      scrapeInterval: "5s",
      discoveryInterval: "1s",
    });

    expect(config.global.scrape_interval).toBe("15s");
    expect(faster.global.scrape_interval).toBe("5s");
    expect(faster.scrape_configs[0]?.docker_sd_configs[0]?.refresh_interval).toBe("1s");
  });

  test("is the reviewed file", async () => {
    await expect(FILE).toMatchFileSnapshot("../../../golden/prometheus.yml");
  });
});

describe("prometheusFlags", () => {
  const command = prometheusFlags(
    { config: "/etc/prometheus/prometheus.yml", data: "/prometheus" },
    ["127.0.0.1:9090", "prometheus:9090"],
    { time: "48h", size: "1.5 GB" },
  );

  test("says where file and data are, on which addresses it listens, and keeps data for as long and as much as given", () => {
    expect(command).toEqual([
      "--config.file=/etc/prometheus/prometheus.yml",
      "--web.listen-address=127.0.0.1:9090",
      "--web.listen-address=prometheus:9090",
      "--storage.tsdb.path=/prometheus",
      "--storage.tsdb.retention.time=172800s",
      "--storage.tsdb.retention.size=1536MB",
      "--web.enable-remote-write-receiver",
      "--enable-feature=exemplar-storage",
      "--log.level=warn",
    ]);
  });

  test("links to the path by which people reach it, and still answers at its root", () => {
    const paths = { config: "/etc/prometheus/prometheus.yml", data: "/prometheus" };

    const retention = { time: "48h", size: "1 GB" } as const;

    expect(prometheusFlags(paths, [], retention, "/infrastructure/prometheus")).toEqual(
      expect.arrayContaining(["--web.external-url=/infrastructure/prometheus/", "--web.route-prefix=/"]),
    );
  });
});
