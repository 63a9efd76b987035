import type * as pulumi from "@pulumi/pulumi";
import type { HttpRoute } from "./http-route.ts";
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
  /** By whom this client connects. Absent where the server asks for no password. */
  readonly login?: RedisLogin;
}

export interface RedisLogin {
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/** What a user of a Redis server needs to be made. */
export interface RedisUserRequest {
  readonly login: RedisLogin;
  /** What the user may do, in the words of `ACL SETUSER`. */
  readonly rules: readonly string[];
  /** Name on the host of the container that makes the user and ends. */
  readonly containerName: string;
  readonly labels: Labels;
}

/** A server as one of its users sees it. */
export interface RedisAccount {
  readonly server: RedisServer;
  /** What made the user, once it ended well. Whoever logs in depends on it. */
  readonly created: Promise<pulumi.Resource>;
}

/** A Redis server that several share. */
export interface SharedRedisServer extends RedisServer {
  /** Makes a user, without a restart. Absent where the server asks for no password. */
  readonly createUser?: (name: string, request: RedisUserRequest, parent: pulumi.Resource) => RedisAccount;
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

/** A file of SQL that runs once in a database. */
export interface SqlScript {
  /** By which the database remembers that it ran. */
  readonly name: string;
  readonly text: string;
}

/** SQL that runs once each, in this order, as the owner, in a container that ends when it is done. */
export interface InitSql {
  /** Name of that container on the host. */
  readonly containerName: string;
  readonly labels: Labels;
  readonly scripts: readonly SqlScript[];
}

/** What a role that logs in may take of the server. */
export interface RoleLimits {
  /** Most connections. No limit of its own unless given. */
  readonly connectionLimit?: number;
  /** A transaction that does nothing for so long is ended. Never unless given. */
  readonly idleInTransactionSeconds?: number;
}

/** What a database needs to be made. */
export interface DatabaseRequest extends RoleLimits {
  readonly database: string;
  readonly owner: string;
  /** Password of the owner. One is generated unless given. */
  readonly password?: pulumi.Output<string>;
  /** More databases of the same owner. None unless given. */
  readonly extraDatabases?: readonly string[];
  /** Extensions of the database. None unless given. */
  readonly extensions?: readonly string[];
  /** None unless given. */
  readonly initSql?: InitSql;
  /** Whether the owner takes part in the shared database. It does not unless given. */
  readonly sharesData?: boolean;
}

/** A database and whatever else its owner was given. */
export interface OwnedDatabase extends PostgresDatabase {
  /** The owner's further databases, by name. */
  readonly extraDatabases: ReadonlyMap<string, PostgresDatabase>;
  /** The database that all share, as the owner sees it. */
  readonly sharedDatabase?: PostgresDatabase;
  /** Containers that ran SQL in these databases, each once it ended well. Whoever uses the tables depends on them. */
  readonly initialized: readonly Promise<pulumi.Resource>[];
}

/** What a role needs that reads the database of another owner. */
export interface ReaderRequest extends RoleLimits {
  readonly role: string;
  /** The database that is read. It may be asked for later than its reader. */
  readonly database: string;
  /** Owner of that database, whose later tables are read, too. */
  readonly owner: string;
}

/** The shared PostgreSQL server. */
export interface PostgresServer extends Ready {
  readonly host: string;
  readonly port: number;
  /** Makes a database with an owner that nobody else may connect to. */
  createDatabase(name: string, request: DatabaseRequest, parent: pulumi.Resource): OwnedDatabase;
  /** Makes a role that may read all tables of a database, those of today and later ones, and nothing else. */
  createReader(name: string, request: ReaderRequest, parent: pulumi.Resource): PostgresDatabase;
}

/** A store of documents that are searched (Elasticsearch). */
export interface DocumentStore extends Ready {
  /** `http://<host>:<port>` (`000-030`). */
  readonly url: string;
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/** A store of nodes and edges (Neo4j). */
export interface GraphStore extends Ready {
  /** `bolt://<host>:<port>` (`000-031`). */
  readonly url: string;
  readonly user: string;
  /** Secret. */
  readonly password: pulumi.Output<string>;
}

/** The keys of tokens, for services that check them themselves. Both are secret. */
export interface TokenKeys {
  /** The one that signs. */
  readonly signing: pulumi.Output<string>;
  /** Every one that is good, as a JSON object by their ids, for tokens from before a rotation. */
  readonly all: pulumi.Output<string>;
}

/** Who says who a client is. */
export interface IdentityService extends Ready {
  /** `http://<host>:<port>` (`003-003`). */
  readonly url: string;
  /** Absent where nobody told them to the platform. */
  readonly keys?: TokenKeys;
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
  /** Name of the network on which it is asked. That of the stages unless given. */
  readonly network?: string;
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
  /** `http://<host>:<port>`, reachable from the network of observability. */
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
