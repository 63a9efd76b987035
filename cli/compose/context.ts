import * as pulumi from "@pulumi/pulumi";
import type { PostgresDatabase } from "../../components/core/handles.ts";
import { PORT as POSTGRES_PORT } from "../../components/postgres/postgres.config.ts";
import { scrapeLabels } from "../../components/prometheus/scrape-labels.ts";
import { PORT as REDIS_PORT } from "../../components/redis/redis.config.ts";
import type { LogLevel, StageDefinition, StageImage } from "../../components/stage/definition.ts";
import {
  JWT_SECRET,
  JWT_SECRETS,
  postgresSecret,
} from "../../components/stage/environment/connection-secrets.ts";
import type { StageConnections } from "../../components/stage/environment/connections.ts";
import {
  databaseName,
  databaseUser,
  extraDatabaseName,
  readerRole,
  usesStore,
} from "../../components/stage/names.ts";
import type { StageContext } from "../../components/stage/stage-containers.ts";
import { routeLabels } from "../../components/traefik/labels/route-labels.ts";
import { placeholder } from "./interpolation.ts";
import type { ComposeService } from "./project.ts";

/** The network that every stage joins (`000-015`). */
export const NETWORK = "storytelling";

/** What a stage is written for. */
export interface ComposeContext {
  /** Every stage of the deployment. */
  readonly peers: readonly StageDefinition[];
  readonly defaultLogLevel: LogLevel;
  /** Where the identity service is. The platform's own unless given. */
  readonly identityUrl?: string;
  /** The reference of an image, and how Compose builds it when it is built from a folder. */
  readonly resolveImage: (image: StageImage) => {
    readonly reference: string;
    readonly build?: ComposeService["build"];
  };
}

/**
 * What the program makes the stage's containers from, with placeholders for secrets. The platform's names are static, so
 * that nothing has to run.
 */
export function stageContext(stage: StageDefinition, context: ComposeContext): StageContext {
  const { peers, defaultLogLevel, identityUrl, resolveImage } = context;
  return {
    network: NETWORK,
    gateway: { routeLabels: (route) => routeLabels(route, NETWORK) },
    metrics: { scrapeLabels },
    connections: placeholderConnections(stage, peers, identityUrl),
    secret: placeholder,
    defaultLogLevel,
    imageReference: (image) => resolveImage(image).reference,
  };
}

/** The platform's stores and endpoints by the names of the sources (`000-019` to `000-036`). */
export function placeholderConnections(
  stage: StageDefinition,
  peers: readonly StageDefinition[],
  identityUrl = "http://identity-service:8001",
): StageConnections {
  const redis = { port: REDIS_PORT, databases: 32, ready: [] };
  return {
    broker: { ...redis, host: "redis-broker" },
    cache: { ...redis, host: "redis-cache" },
    tracing: { url: "http://tempo:4317" },
    peers,
    ...placeholderDatabases(stage, peers),
    ...(usesStore(stage, "elasticsearch")
      ? { documents: store("http://elasticsearch:9200", "elastic", "ELASTICSEARCH_PASSWORD") }
      : {}),
    ...(usesStore(stage, "neo4j") ? { graph: store("bolt://neo4j:7687", "neo4j", "NEO4J_PASSWORD") } : {}),
    identity: {
      url: identityUrl,
      keys: {
        signing: pulumi.output(placeholder(JWT_SECRET)),
        all: pulumi.output(placeholder(JWT_SECRETS)),
      },
      ready: [],
    },
  };
}

type Databases = Pick<StageConnections, "database" | "extraDatabases" | "sharedDatabase" | "readDatabases">;

function placeholderDatabases(stage: StageDefinition, peers: readonly StageDefinition[]): Databases {
  const own = (database: string): PostgresDatabase =>
    placeholderDatabase(database, databaseUser(stage), stage.number);
  const extras = (stage.database?.extra ?? []).map(
    (name) => [name, own(extraDatabaseName(stage, name))] as const,
  );
  const read = peers
    .filter(({ name }) => stage.reads?.databases?.includes(name))
    .map((source) => {
      const database = placeholderDatabase(databaseName(source), readerRole(stage, source), source.number);
      return [source.number, database] as const;
    });
  return {
    readDatabases: new Map(read),
    ...(usesStore(stage, "postgres")
      ? { database: own(databaseName(stage)), extraDatabases: new Map(extras) }
      : {}),
    ...(usesStore(stage, "shared-database") ? { sharedDatabase: own("storytelling_shared") } : {}),
  };
}

/** A database with the password that the variable of a stage holds. */
function placeholderDatabase(database: string, user: string, stage: number): PostgresDatabase {
  const password = pulumi.output(placeholder(postgresSecret(stage)));
  return { host: "postgres", port: POSTGRES_PORT, database, user, password, ready: [] };
}

function store(url: string, user: string, secret: string) {
  return { url, user, password: pulumi.output(placeholder(secret)), ready: [] };
}
