import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type {
  DatabaseRequest,
  OwnedDatabase,
  PostgresDatabase,
  ReaderRequest,
  ScrapeTarget,
} from "../../../../components/core/handles.ts";
import type { HttpRoute } from "../../../../components/core/http-route.ts";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import type { StagePlatform } from "../../../../components/stage/stage.ts";

/** The smallest stage there is. */
export const MINIMAL_STAGE = {
  number: 4,
  name: "topic-models",
  image: { reference: "example/stage:1.0" },
  services: { orchestrator: { kind: "orchestrator", limits: { cpus: 1, memory: "1 GB" } } },
} as const satisfies StageDefinition;

/** A stage with one service of each kind and no name of its own for anything. */
export const FULL_STAGE = {
  ...MINIMAL_STAGE,
  services: {
    orchestrator: { kind: "orchestrator", limits: { cpus: 1, memory: "1 GB", memoryReservation: "512 MB" } },
    "celery-worker": {
      kind: "worker",
      command: ["celery", "worker"],
      health: { kind: "none", reason: "the worker serves nothing" },
      limits: { cpus: 4, memory: "8 GB" },
      metrics: { port: 9100, path: "/worker-metrics" },
      stopGraceSeconds: 120,
    },
    "ner-service": {
      kind: "internal",
      image: { reference: "example/ner:2.0" },
      port: 8001,
      limits: { cpus: 1, memory: "1 GB" },
    },
  },
} as const satisfies StageDefinition;

/** A password with every character that a URL gives a meaning. */
export const AWKWARD_PASSWORD = "p@ss:w/rd?#%&+ ü";

/** What a platform offers, with one real resource behind each thing that a stage waits for. */
export class FakePlatform implements StagePlatform {
  public readonly network = { name: "storytelling", ready: [volume("network")] };
  public readonly broker = { host: "redis-broker", port: 6379, databases: 32, ready: [volume("broker")] };
  public readonly cache = { host: "redis-cache", port: 6379, databases: 32, ready: [volume("cache")] };
  public readonly tracing = { url: "http://tempo:4317" };
  public readonly requests: { name: string; request: DatabaseRequest; parent: pulumi.Resource }[] = [];
  public readonly routes: HttpRoute[] = [];
  public readonly targets: ScrapeTarget[] = [];

  public readonly postgres = {
    host: "postgres",
    port: 5432,
    ready: [],
    createReader: (_name: string, { role, database }: ReaderRequest): PostgresDatabase => ({
      ...DATABASE,
      database,
      user: role,
      ready: [volume(role)],
    }),
    createDatabase: (name: string, request: DatabaseRequest, parent: pulumi.Resource): OwnedDatabase => {
      this.requests.push({ name, request, parent });
      return {
        ...DATABASE,
        database: request.database,
        user: request.owner,
        password: request.password ?? DATABASE.password,
        ready: [volume("database")],
        extraDatabases: new Map(),
        initialized: [],
      };
    },
  };

  public readonly gateway = {
    routeLabels: (route: HttpRoute) => {
      this.routes.push(route);
      return { "fake.route": route.name };
    },
  };

  public readonly metrics = {
    scrapeLabels: (target: ScrapeTarget) => {
      this.targets.push(target);
      return { "fake.scrape": `${target.job}:${target.port}${target.path}` };
    },
  };
}

/** The database of a stage, with an awkward password. */
const DATABASE: PostgresDatabase = {
  host: "postgres",
  port: 5432,
  database: "stage4_topic_models",
  user: "stage4_user",
  password: pulumi.secret(AWKWARD_PASSWORD),
  ready: [],
};

/** A resource to wait for; of which kind does not matter. */
export function volume(name: string): pulumi.Resource {
  return new docker.Volume(name, { name });
}
