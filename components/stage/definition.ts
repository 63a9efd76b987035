import type { HealthProbe } from "../core/health.ts";
import type { ResourceLimits } from "../core/managed-container.ts";
import type { Size } from "../core/units.ts";
import type { StagePublication, StageSubscription } from "./event-declarations.ts";
import type { StageRoute } from "./route.ts";

/**
 * Everything that makes a stage: who it is, which services it runs and what it shares with other stages. What is
 * left out is derived from the number and the name by the rules of the sources; each derived name can be given on
 * its own.
 */
export interface StageDefinition {
  /** 1 to 8 (`000-003`). Redis databases, database name, user and labels follow from it. */
  readonly number: number;
  /** Lower-case word, hyphens allowed (`000-004`). Container names, route and database name follow from it. */
  readonly name: string;
  /** Image of every service that names none of its own. */
  readonly image: StageImage;
  /** Services by their `service` label; exactly one is the entry: an orchestrator or a frontend. */
  readonly services: Readonly<Record<string, StageService>>;
  /** Size of the services that name no limits. `medium` unless given (`000-060`). */
  readonly profile?: Profile;
  /** First part of the container names. The stage's name unless given. */
  readonly containerPrefix?: string;
  /** The main path at the gateway, under which others find the stage. `/api/v1/{name}` unless given. */
  readonly route?: StageRoute;
  /** Further paths by a name of their own, for example one for webhooks with another limit (`001-051`, `001-052`). */
  readonly routes?: Readonly<Record<string, StageRoute>>;
  /** Stores that the stage's services are given. Redis and PostgreSQL unless given; a frontend may need none. */
  readonly stores?: readonly StoreName[];
  /** Database of the stage. `stage{N}_{name}`, owned by `stage{N}_user`, unless given. */
  readonly database?: StageDatabaseSettings;
  /** Key patterns in Redis beyond those that Celery and the naming rules need; counts while Redis asks for a password. */
  readonly redisKeys?: readonly string[];
  /** What the stage reads of other stages, by their names. It can write none of it. */
  readonly reads?: StageReads;
  /** Whether the stage has a volume at `/shared/stage{N}`, written by its services and read by declared others (`002-073`). */
  readonly sharedFiles?: boolean;
  /** Events that the stage publishes for others. */
  readonly publishes?: StagePublication;
  /** Events of other stages that the stage's consumers take. */
  readonly subscribes?: readonly StageSubscription[];
  /** Stages that this one calls over HTTP; each is found in `{NAME}_SERVICE_URL` (`000-154`, `003-083`). */
  readonly calls?: readonly string[];
  /** Threshold of the application's log. The deployment's level unless given. */
  readonly logLevel?: LogLevel;
  /** Version that the application reports. `1.0.0` unless given. */
  readonly version?: string;
  /** More variables for every service of the stage. They cannot change what the platform injects. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables with the name of the secret of the configuration that fills each, for every service of the stage. */
  readonly secretEnvironment?: Readonly<Record<string, string>>;
  /** Whether the stage answers `POST /process` and `GET /documents/{id}`, so that `verify` may send it a document. */
  readonly processesDocuments?: boolean;
}

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR";

export type Profile = "small" | "medium" | "large";

/** `shared-database` is the one in which all stages meet (C-13); the last two are optional platform components. */
export type StoreName = "redis" | "postgres" | "shared-database" | "elasticsearch" | "neo4j";

/** An image that exists under a reference, or one that is built from a folder of the project. */
export type StageImage = { readonly reference: string } | { readonly build: string };

/**
 * What a service is for:
 * - `orchestrator` takes requests from the gateway; `frontend` does, too, and serves pages instead of an API (C-37)
 * - `worker` takes tasks from the broker; `scheduler` puts them there on time and runs exactly once
 * - `internal` serves the stage's other services by name and is never routed (`000-151`)
 * - `consumer` takes events of other stages and listens on no port (C-16)
 * - `job` runs to its end before the others start, a migration for example; a failure fails the run
 */
export type ServiceKind =
  | "orchestrator"
  | "frontend"
  | "worker"
  | "scheduler"
  | "internal"
  | "consumer"
  | "job";

/** One container of a stage, or several alike. */
export interface StageService {
  readonly kind: ServiceKind;
  /** Most CPU and memory (`000-054`, `001-107`). Those of the stage's profile for this kind unless given. */
  readonly limits?: ResourceLimits;
  /** Containers that share the work: 1 keeps the exact name, more are called `-1` to `-n` (C-17). 1 unless given. */
  readonly replicas?: number;
  /** Image of this service. The stage's image unless given. */
  readonly image?: StageImage;
  /** Command line. Celery's for a worker or scheduler with `celeryApp`, else the image's own, unless given. */
  readonly command?: readonly string[];
  /** Replaces the image's entry point. The image's own unless given. */
  readonly entrypoint?: readonly string[];
  /** Celery application, `package.module`, of a worker or a scheduler that is started by `celery` itself. */
  readonly celeryApp?: string;
  /** Queues of a worker, also in `CELERY_QUEUES`. Celery's default queue unless given. */
  readonly queues?: readonly string[];
  /** Tasks that a worker runs at a time, also in `CELERY_CONCURRENCY`. The application's choice unless given. */
  readonly concurrency?: number;
  /** User in the container, `name` or `uid:gid`. The image's own unless given. */
  readonly user?: string;
  /**
   * Whether its containers can write nothing but their volumes and `/tmp`, which is 64 MB in memory. They can write
   * everywhere unless given, because nobody but the team knows what the image writes. Not for a service with files,
   * `secretFiles` or subscriptions: Docker copies no file into such a container.
   */
  readonly readOnlyRoot?: boolean;
  /** Folder in which the command starts. The image's own unless given. */
  readonly workingDirectory?: string;
  /** Port on which the service listens in its container. 8000 for an orchestrator or frontend (`000-043`), none for others unless given. */
  readonly port?: number;
  /** Probe by Docker. `curl -f http://localhost:{port}/health` for a service with a port; required for one without. */
  readonly health?: HealthProbe;
  /** Metrics endpoint. `/metrics` on the service's port for an orchestrator, none for others unless given. */
  readonly metrics?: { readonly port: number; readonly path: string };
  /** More variables for this service. They cannot change what the platform injects. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Variables with the name of the secret of the configuration that fills each. */
  readonly secretEnvironment?: Readonly<Record<string, string>>;
  /** The same as files: `API_KEY` is written to `/run/secrets/api_key`, and `API_KEY_FILE` names that path (C-26). */
  readonly secretFiles?: Readonly<Record<string, string>>;
  /** Whether it asks the identity service itself, found in `IDENTITY_SERVICE_URL` (`003-003`, `003-047`). */
  readonly identity?: boolean;
  /** Whether it checks tokens itself: it is given their keys under these names (`003-008`, `003-009`, C-15). No other service is. */
  readonly jwt?: true | JwtVariables;
  /** What `REDIS_HOST`, `REDIS_PORT` and `REDIS_DB` lead to: the broker, or the stream of the first subscription (C-08). `broker` unless given. */
  readonly mainRedis?: "broker" | "events";
  /** Volumes of this service alone. */
  readonly volumes?: readonly StageVolume[];
  /** Files written from data before the container starts. */
  readonly files?: readonly RenderedFile[];
  /** Size of `/dev/shm`. 64 MB unless given. */
  readonly sharedMemory?: Size;
  /** NVIDIA devices (`000-152`). None unless given. */
  readonly gpu?: Gpu;
  /** How long a running request or task may take to finish when the container stops. 30 seconds unless given. */
  readonly stopGraceSeconds?: number;
  /** What Docker does when the process ends. `unless-stopped` unless given; a job is never started again. */
  readonly restart?: "unless-stopped" | "on-failure" | "no";
  /** Name of the container. `{containerPrefix}-{service}` unless given. */
  readonly containerName?: string;
  /** Host name in the container. The container's name unless given. */
  readonly hostname?: string;
  /** More names by which others find the container on the network. */
  readonly aliases?: readonly string[];
  /** `service.name` of its traces. `stage{N}-{name}-{service}` unless given (`000-120`). */
  readonly telemetryName?: string;
}

/** Names of the variables in which a service finds the keys of tokens. */
export interface JwtVariables {
  /** The key that signs. `JWT_SECRET_KEY` unless given. */
  readonly key?: string;
  /** Every key that is good, as a JSON object by their ids. `JWT_SECRET_KEYS` unless given. */
  readonly keys?: string;
  /** The algorithm, HS256. `JWT_ALGORITHM` unless given. */
  readonly algorithm?: string;
}

/** A volume `storytelling-stage{N}-{name}`, protected like every volume with data. */
export interface StageVolume {
  /** Lower-case word; services of the stage that name the same volume share it. */
  readonly name: string;
  /** Absolute path in the container. */
  readonly path: string;
  readonly readOnly?: boolean;
}

/** A file rendered as YAML or JSON by the ending of its path. */
export interface RenderedFile {
  /** Absolute path that ends with `.yaml`, `.yml` or `.json`. */
  readonly path: string;
  readonly data: JsonValue;
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** So many NVIDIA devices, from the first of the host on, or these ones by index or UUID. Docker reserves none. */
export type Gpu = { readonly count: number | "all" } | { readonly devices: readonly string[] };

export interface StageDatabaseSettings {
  readonly database?: string;
  readonly user?: string;
  /** Most connections of the stage's user. 20 for each service unless given, the pool size of the sources (`000-098`). */
  readonly connectionLimit?: number;
  /** A transaction that does nothing for so long is ended. 10 minutes unless given; 0 means never. */
  readonly idleInTransactionSeconds?: number;
  /** Extensions of the stage's database, for example `pg_trgm`. */
  readonly extensions?: readonly string[];
  /** More databases of the same owner: `cache` is `stage{N}_cache`, found in `CACHE_POSTGRES_DB` and `CACHE_DATABASE_URL` (C-07). */
  readonly extra?: readonly string[];
  /** Files of SQL in the project, run once each, in this order, as the stage's user. */
  readonly initSql?: readonly string[];
}

export interface StageReads {
  /** Stages whose database is read by a role of its own, found in `STAGE{M}_POSTGRES_*` (C-14). */
  readonly databases?: readonly string[];
  /** Stages whose `/shared/stage{M}` is mounted for reading (`002-073`). */
  readonly files?: readonly string[];
}
