import type { RateLimit } from "../core/handles.ts";
import type { HealthProbe } from "../core/health.ts";
import type { ResourceLimits } from "../core/managed-container.ts";

/**
 * Everything that makes a stage: who it is and which services it runs. What is left out is derived from the
 * number and the name by the rules of the sources; each derived name can be given on its own.
 */
export interface StageDefinition {
  /** 1 to 8 (`000-003`). Redis databases, database name, user and labels follow from it. */
  readonly number: number;
  /** Lower-case word, hyphens allowed (`000-004`). Container names, route and database name follow from it. */
  readonly name: string;
  /** Image of every service that names none of its own. */
  readonly image: StageImage;
  /** Services by their `service` label; exactly one is the orchestrator. */
  readonly services: Readonly<Record<string, StageService>>;
  /** First part of the container names. The stage's name unless given. */
  readonly containerPrefix?: string;
  /** Path at the gateway. `/api/v1/{name}` unless given. */
  readonly route?: StageRoute;
  /** Database of the stage. `stage{N}_{name}`, owned by `stage{N}_user`, unless given. */
  readonly database?: StageDatabaseNames;
  /** Threshold of the application's log. The deployment's level unless given. */
  readonly logLevel?: LogLevel;
  /** Version that the application reports. `1.0.0` unless given. */
  readonly version?: string;
  /** More variables for every service of the stage. They cannot change what the platform injects. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Whether the stage answers `POST /process` and `GET /documents/{id}`, so that `verify` may send it a document. */
  readonly processesDocuments?: boolean;
}

export type LogLevel = "DEBUG" | "INFO" | "WARNING" | "ERROR";

/** An image that exists under a reference, or one that is built from a folder of the project. */
export type StageImage = { readonly reference: string } | { readonly build: string };

/** One container of a stage. */
export interface StageService {
  /**
   * `orchestrator` takes requests from the gateway, `worker` takes tasks from the broker, `internal` serves the
   * stage's other services by name and is never routed (`000-151`).
   */
  readonly kind: "orchestrator" | "worker" | "internal";
  /** Required on every service (`000-054`, `001-107`). */
  readonly limits: ResourceLimits;
  /** Image of this service. The stage's image unless given. */
  readonly image?: StageImage;
  /** Command line. The image's own unless given. */
  readonly command?: readonly string[];
  /** Port on which the service listens in its container. 8000 for an orchestrator, none for others unless given. */
  readonly port?: number;
  /** Probe by Docker. `curl -f http://localhost:{port}/health` for a service with a port; required for one without. */
  readonly health?: HealthProbe;
  /** Metrics endpoint. `/metrics` on the service's port for an orchestrator, none for others unless given. */
  readonly metrics?: { readonly port: number; readonly path: string };
  /** More variables for this service. They cannot change what the platform injects. */
  readonly environment?: Readonly<Record<string, string>>;
  /** How long a running request or task may take to finish when the container stops. 30 seconds unless given. */
  readonly stopGraceSeconds?: number;
  /** Name of the container. `{containerPrefix}-{service}` unless given. */
  readonly containerName?: string;
  /** `service.name` of its traces. `stage{N}-{name}-{service}` unless given (`000-120`). */
  readonly telemetryName?: string;
}

export interface StageRoute {
  /** Path prefix, taken away before the request reaches the stage. `/api/v1/{name}` unless given (`000-071`). */
  readonly prefix?: string;
  /** 100 unless given (`000-076`). */
  readonly priority?: number;
  /** `rate-limit` unless given; a public stage takes the stricter `rate-limit-public` (`000-117`). */
  readonly rateLimit?: RateLimit;
  /** Path that the gateway's load balancer asks. `/health` unless given (`000-078`). */
  readonly healthPath?: string;
}

export interface StageDatabaseNames {
  readonly database?: string;
  readonly user?: string;
  /** Most connections of the stage's user. 20 for each service unless given, the pool size of the sources (`000-098`). */
  readonly connectionLimit?: number;
}
