import * as pulumi from "@pulumi/pulumi";
import type {
  DocumentStore,
  GraphStore,
  IdentityService,
  NetworkHandle,
  OtlpEndpoint,
} from "../components/core/handles.ts";
import { DockerApi } from "../components/docker-api/docker-api.ts";
import { Elasticsearch } from "../components/elasticsearch/elasticsearch.ts";
import { EventStreams } from "../components/event-streams/event-streams.ts";
import { Grafana } from "../components/grafana/grafana.ts";
import { Loki } from "../components/loki/loki.ts";
import { Neo4j } from "../components/neo4j/neo4j.ts";
import { Network } from "../components/network/network.ts";
import { PlatformHealth } from "../components/platform-health/platform-health.ts";
import { Postgres } from "../components/postgres/postgres.ts";
import { Prometheus } from "../components/prometheus/prometheus.ts";
import { Redis } from "../components/redis/redis.ts";
import type { StagePlatform } from "../components/stage/stage.ts";
import { Telemetry } from "../components/telemetry/telemetry.ts";
import { Tempo } from "../components/tempo/tempo.ts";
import { Traefik, type TraefikArgs } from "../components/traefik/traefik.ts";
import type { ImageName } from "./catalog/images.ts";
import { LIMITS } from "./catalog/platform-limits.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { type AdminService, adminPath, gatewayEntrance, healthServices } from "./gateway.ts";
import { identityCheck, runsIdentity } from "./identity.ts";
import { createIdentity, foreignIdentity } from "./identity-service.ts";
import { platformImage } from "./images.ts";
import { platformServices, type ServiceSummary } from "./outputs.ts";

/** Databases of each Redis server; the eight stages use 0 to 15 (C-29). */
export const REDIS_DATABASES = 32;

/**
 * Who keeps and shows metrics, logs and traces, away from the stages. Docker leads the published port of a container on
 * several networks to the first of them by name, so this one comes before `storytelling`; an internal one publishes none.
 */
const OBSERVABILITY_NETWORK = "observability-storytelling";

const RETENTION = { metrics: { time: "360h", size: "2 GB" }, logs: "168h", traces: "168h" } as const;

export interface Credentials {
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

export interface PlatformArgs {
  readonly config: PlatformConfig;
}

/**
 * The shared platform: networks, stores, gateway and observability. Services meet here and nowhere else, each
 * with the handles of those it uses; the order of the lines is the order of their dependencies.
 */
export class Platform extends pulumi.ComponentResource implements StagePlatform {
  public readonly network: NetworkHandle;
  public readonly broker: Redis;
  public readonly cache: Redis;
  public readonly postgres: Postgres;
  /** Absent while Elasticsearch is off. */
  public readonly documents?: DocumentStore;
  /** Absent while Neo4j is off. */
  public readonly graph?: GraphStore;
  /** Absent while identity is off. */
  public readonly identity?: IdentityService;
  public readonly gateway: Traefik;
  public readonly metrics: Prometheus;
  public readonly tracing: OtlpEndpoint;
  /** How people log in; nothing of what is off. */
  public readonly credentials: Readonly<
    Partial<Record<"grafana" | "elasticsearch" | "neo4j" | "identity", Credentials>>
  >;
  /** Rows of the table of services. */
  public readonly services: readonly ServiceSummary[];

  private readonly config: PlatformConfig;

  public constructor(name: string, { config }: PlatformArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:stacks:Platform", name, {}, opts);
    this.config = config;
    this.network = new Network("network", { networkName: "storytelling" }, this.child);
    const ops = new Network("ops-network", { networkName: "storytelling-ops", internal: true }, this.child);
    const observability = new Network(
      "observability-network",
      { networkName: OBSERVABILITY_NETWORK },
      this.child,
    );

    this.broker = this.createRedis("redis-broker");
    this.cache = this.createRedis("redis-cache");
    this.postgres = this.createPostgres();
    if (config.elasticsearch.enabled) {
      const args = { ...this.stateful("elasticsearch", "elasticsearch"), network: this.network };
      this.documents = new Elasticsearch("elasticsearch", args, this.child);
    }
    if (config.neo4j.enabled) {
      const args = { ...this.stateful("neo4j", "neo4j"), network: this.network };
      this.graph = new Neo4j("neo4j", args, this.child);
    }

    const dockerApi = new DockerApi(
      "docker-api",
      { ...this.base("docker-api", "haproxy"), network: ops },
      this.child,
    );
    const discovery = { network: this.network, opsNetwork: ops, dockerApi };
    new EventStreams(
      "event-streams",
      {
        containerName: "storytelling-event-streams",
        baseImage: platformImage(config, "debian"),
        ...discovery,
        broker: this.broker,
        cache: this.cache,
        limits: LIMITS["event-streams"],
      },
      this.child,
    );
    this.metrics = new Prometheus(
      "prometheus",
      {
        ...this.stateful("prometheus", "prometheus"),
        ...discovery,
        observabilityNetwork: observability,
        published: { host: config.hostPorts.prometheus, address: "127.0.0.1" },
        retention: RETENTION.metrics,
        ...this.publicPath("prometheus"),
      },
      this.child,
    );
    const observed = { network: observability, metrics: this.metrics };
    const loki = new Loki(
      "loki",
      { ...this.stateful("loki", "loki"), ...observed, retention: RETENTION.logs },
      this.child,
    );
    const tempo = new Tempo(
      "tempo",
      {
        ...this.stateful("tempo", "tempo"),
        network: this.network,
        observabilityNetwork: observability,
        metrics: this.metrics,
        metricsSink: this.metrics,
        retention: RETENTION.traces,
      },
      this.child,
    );
    this.tracing = tempo.otlp;
    const grafana = config.grafana.enabled ? this.createGrafana({ ...observed, loki, tempo }) : undefined;
    const asked = identityCheck(config);
    this.gateway = new Traefik(
      "traefik",
      {
        ...this.base("traefik", "traefik"),
        ...discovery,
        ...gatewayEntrance(
          config,
          { prometheus: this.metrics, ...(grafana === undefined ? {} : { grafana }) },
          observability,
        ),
        metrics: this.metrics,
        health: this.createHealth(discovery),
        traces: this.tracing,
        ...(asked === undefined ? {} : { identity: asked }),
      },
      this.child,
    );
    const ownIdentity = runsIdentity(config) ? createIdentity(config, this, this.child) : undefined;
    const identity = asked === undefined ? undefined : (ownIdentity ?? foreignIdentity(config));
    if (identity !== undefined) this.identity = identity;
    new Telemetry(
      "telemetry",
      {
        ...this.stateful("telemetry", "telemetry"),
        ...observed,
        opsNetwork: ops,
        dockerApi,
        dockerApiVersion: config.host.dockerApiVersion,
        metricsSink: this.metrics,
        logSink: loki,
      },
      this.child,
    );
    this.credentials = {
      ...(grafana === undefined
        ? {}
        : { grafana: { user: grafana.adminUser, password: grafana.adminPassword } }),
      ...(this.documents === undefined ? {} : { elasticsearch: login(this.documents) }),
      ...(this.graph === undefined ? {} : { neo4j: login(this.graph) }),
      ...(ownIdentity?.administrator === undefined ? {} : { identity: ownIdentity.administrator }),
    };
    this.services = platformServices(config);
    this.registerOutputs({});
  }

  private get child(): pulumi.ComponentResourceOptions {
    return { parent: this };
  }

  /** What every platform container is given: `storytelling-{role}` (`000-127`), its image and its limits. */
  private base<Role extends keyof typeof LIMITS>(role: Role, image: ImageName) {
    return {
      containerName: `storytelling-${role}`,
      image: platformImage(this.config, image),
      limits: LIMITS[role],
    };
  }

  /** The same with a volume for its data. */
  private stateful<Role extends keyof typeof LIMITS>(role: Role, image: ImageName) {
    return { ...this.base(role, image), volumeName: `storytelling-${role}-data` };
  }

  private createRedis(role: "redis-broker" | "redis-cache"): Redis {
    return new Redis(
      role,
      {
        ...this.stateful(role, "redis"),
        alias: role,
        network: this.network,
        databases: REDIS_DATABASES,
        authentication: this.config.redisAuthentication,
      },
      this.child,
    );
  }

  private createPostgres(): Postgres {
    return new Postgres(
      "postgres",
      {
        ...this.stateful("postgres", "postgres"),
        network: this.network,
        adminUser: "storytelling_admin",
        // A number of its own and no sum over the stages: changing a stage must not restart the server.
        maxConnections: this.config.postgres.maxConnections,
        published: { host: this.config.hostPorts.postgres, address: "127.0.0.1" },
      },
      this.child,
    );
  }

  /** Where the gateway leads administrators to a service; nowhere unless there are some. */
  private publicPath(service: AdminService): { readonly publicPath?: string } {
    return this.config.gateway.admin === undefined ? {} : { publicPath: adminPath(service) };
  }

  private createHealth(discovery: Pick<TraefikArgs, "network" | "opsNetwork" | "dockerApi">): PlatformHealth {
    return new PlatformHealth(
      "platform-health",
      {
        containerName: "storytelling-platform-health",
        baseImage: platformImage(this.config, "debian"),
        ...discovery,
        services: healthServices(this.config),
        limits: LIMITS["platform-health"],
      },
      this.child,
    );
  }

  private createGrafana(sources: {
    readonly network: NetworkHandle;
    readonly metrics: Prometheus;
    readonly loki: Loki;
    readonly tempo: Tempo;
  }): Grafana {
    return new Grafana(
      "grafana",
      {
        ...this.stateful("grafana", "grafana"),
        ...sources,
        published: { host: this.config.hostPorts.grafana, address: "127.0.0.1" },
        ...this.publicPath("grafana"),
        prometheus: sources.metrics,
      },
      this.child,
    );
  }
}

function login({ user, password }: DocumentStore | GraphStore): Credentials {
  return { user, password };
}
