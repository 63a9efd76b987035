import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "./labels.ts";

/** What must be there before a consumer starts. Ordering only: a replaced producer replaces no consumer. */
export interface Ready {
  readonly ready: readonly pulumi.Resource[];
}

/** A network that containers join, by its static name. */
export interface NetworkHandle extends Ready {
  readonly name: string;
}

/** A Redis server as its clients see it. */
export interface RedisServer extends Ready {
  readonly host: string;
  readonly port: number;
  /** Number of databases; a client's number must be below it. */
  readonly databases: number;
}

/** A database with its owner. */
export interface PostgresDatabase extends Ready {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/** What a database needs to be made. */
export interface DatabaseRequest {
  readonly database: string;
  readonly owner: string;
  /** Password of the owner. One is generated unless given. */
  readonly password?: pulumi.Output<string>;
  /** Most connections of the owner. No limit of its own unless given. */
  readonly connectionLimit?: number;
}

/** The shared PostgreSQL server. */
export interface PostgresServer extends Ready {
  readonly host: string;
  readonly port: number;
  /** Makes a database with an owner that nobody else may connect to. */
  createDatabase(name: string, request: DatabaseRequest, parent: pulumi.Resource): PostgresDatabase;
}

/** The names of the gateway's shared middlewares that limit requests. */
export type RateLimit = "rate-limit" | "rate-limit-public";

/** A path of the gateway that leads to a container. */
export interface HttpRoute {
  /** Name of the router and of the service, `stage{N}-{name}`. */
  readonly name: string;
  /** Path prefix that is matched. */
  readonly prefix: string;
  /** Name of the middleware that takes the prefix away, `strip-stage{N}`. */
  readonly stripName: string;
  readonly priority: number;
  readonly rateLimit: RateLimit;
  /** Port in the container. */
  readonly port: number;
  readonly health: { readonly path: string; readonly interval: string; readonly timeout: string };
}

/** The gateway discovers routes from container labels, so a new route restarts nothing. */
export interface Gateway {
  routeLabels(route: HttpRoute): Labels;
}

/** A container whose metrics are collected. */
export interface ScrapeTarget {
  /** Job, `stage{N}-{name}`. */
  readonly job: string;
  readonly port: number;
  readonly path: string;
}

/** Metrics targets are discovered from container labels, so a new target restarts nothing. */
export interface MetricsDiscovery {
  scrapeLabels(target: ScrapeTarget): Labels;
}

/** Where traces go (OTLP over gRPC). */
export interface OtlpEndpoint {
  readonly url: string;
}

/** The Docker Engine's API, for reading only. */
export interface DockerApi extends Ready {
  /** In Docker's spelling, `tcp://<host>:<port>`. */
  readonly url: string;
}

/** A server of metrics, logs or traces, as those who ask it see it. */
export interface HttpServer extends Ready {
  /** `http://<host>:<port>`, reachable from the platform's network. */
  readonly url: string;
}

/** Where metrics are pushed. */
export interface MetricsSink extends HttpServer {
  /** Prometheus remote write. */
  readonly remoteWriteUrl: string;
}

/** Where logs are pushed. */
export interface LogSink extends HttpServer {
  /** OTLP over HTTP, without the `/v1/logs` that a client adds. */
  readonly otlpUrl: string;
}
