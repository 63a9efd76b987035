import type { StageDefinition, StageService } from "../../components/stage/definition.ts";

/** Name of the file that connects a stage to the platform (`000-010`). */
export const COMPOSE_FILE = "docker-compose.infrastructure.yml";

/** Key of what Compose has no word for. Compose itself reads no key that begins with `x-`. */
export const EXTENSION = "x-storytelling";

/** The declarations of a stage that no container shows. */
export type StageDeclarations = Omit<
  StageDefinition,
  "number" | "name" | "image" | "services" | "environment" | "secretEnvironment"
>;

/** Those of a service. */
export type ServiceDeclarations = Partial<
  Pick<
    StageService,
    | "kind"
    | "celeryApp"
    | "queues"
    | "concurrency"
    | "port"
    | "metrics"
    | "identity"
    | "jwt"
    | "mainRedis"
    | "telemetryName"
  >
> & {
  /** Why nothing asks the container how it is. */
  readonly noProbe?: string;
};

/** A compose project, each key in the one form in which it is written here. */
export interface ComposeProject {
  readonly name?: string;
  readonly [EXTENSION]?: StageDeclarations;
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks?: Readonly<Record<string, ComposeResource | null>>;
  readonly volumes?: Readonly<Record<string, ComposeResource | null>>;
  readonly configs?: Readonly<Record<string, { readonly content?: string }>>;
  readonly secrets?: Readonly<Record<string, { readonly environment?: string }>>;
}

/** A network or a volume: `external` is one that somebody else makes. */
export interface ComposeResource {
  readonly name?: string;
  readonly external?: boolean;
}

/** One container. Values are as in the file: `${VAR}` is a variable, and `$$` a dollar. */
export interface ComposeService {
  readonly extends?: { readonly service: string };
  readonly container_name?: string;
  readonly hostname?: string;
  readonly image?: string;
  readonly build?: { readonly context: string; readonly args?: Readonly<Record<string, string>> };
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly user?: string;
  readonly read_only?: boolean;
  readonly tmpfs?: readonly string[];
  readonly working_dir?: string;
  readonly init?: boolean;
  readonly restart?: string;
  readonly stop_grace_period?: string;
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly ComposeFileMount[];
  readonly configs?: readonly ComposeFileMount[];
  readonly volumes?: readonly ComposeMount[];
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] }>>;
  readonly healthcheck?: ComposeHealthcheck;
  readonly deploy?: { readonly replicas?: number; readonly resources?: ComposeResources };
  readonly memswap_limit?: string;
  readonly shm_size?: string;
  readonly cap_drop?: readonly string[];
  readonly cap_add?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly logging?: { readonly driver: string; readonly options: Readonly<Record<string, string>> };
  readonly profiles?: readonly string[];
  readonly expose?: readonly string[];
  readonly ports?: readonly string[];
  readonly [EXTENSION]?: ServiceDeclarations;
}

export interface ComposeFileMount {
  readonly source: string;
  readonly target: string;
}

export interface ComposeMount {
  readonly type: "volume" | "bind" | "tmpfs";
  readonly source?: string;
  readonly target: string;
  readonly read_only?: boolean;
}

export interface ComposeHealthcheck {
  readonly test?: readonly string[];
  readonly interval?: string;
  readonly timeout?: string;
  readonly retries?: number;
  readonly start_period?: string;
  readonly disable?: boolean;
}

export interface ComposeResources {
  readonly limits?: { readonly cpus?: string; readonly memory?: string };
  readonly reservations?: {
    readonly cpus?: string;
    readonly memory?: string;
    readonly devices?: readonly ComposeDevice[];
  };
}

export interface ComposeDevice {
  readonly driver?: string;
  readonly count?: number | "all";
  readonly device_ids?: readonly string[];
  readonly capabilities: readonly string[];
}
