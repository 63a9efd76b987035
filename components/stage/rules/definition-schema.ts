import { z } from "zod";
import type {
  JwtVariables,
  StageDatabaseSettings,
  StageDefinition,
  StageReads,
  StageService,
  StageVolume,
} from "../definition.ts";
import type {
  StageBacklog,
  StagePublication,
  StageSubscription,
  StreamRetention,
} from "../event-declarations.ts";
import * as f from "./fields.ts";
import { route } from "./route-schema.ts";

/** Every field of a type and no other: a field that is added to the type has to be added here. */
type Fields<T> = Record<keyof T, z.ZodType>;

const image = z.union(
  [z.strictObject({ reference: f.imageReference }), z.strictObject({ build: f.text })],
  'must be { reference: "name:tag" } or { build: "folder of the project" }',
);

const timing = z.strictObject({
  interval: f.duration,
  timeout: f.duration,
  retries: f.wholeNumber(1, 100),
  startPeriod: f.duration,
});

const health = z.discriminatedUnion(
  "kind",
  [
    z.strictObject({ kind: z.literal("command"), test: f.texts, timing }),
    z.strictObject({ kind: z.literal("none"), reason: f.text }),
  ],
  "must be a probe: httpProbe, tcpProbe, commandProbe, processProbe or noProbe",
);

const limits = z.strictObject({
  cpus: z.number(f.CPU_LIMIT).min(0.1, f.CPU_LIMIT),
  memory: f.size(f.MEMORY_LIMIT),
  memoryReservation: f.size().optional(),
});

const gpu = z.union(
  [
    z.strictObject({ count: z.union([z.literal("all"), f.wholeNumber(1, 16)]) }),
    z.strictObject({ devices: z.array(z.string().regex(/^[A-Za-z0-9-]+$/)).min(1) }),
  ],
  'must be { count: 1 }, { count: "all" } or { devices: ["0"] } with indexes or UUIDs',
);

const volume = z.strictObject({
  name: f.word,
  path: f.absolutePath,
  readOnly: z.boolean().optional(),
} satisfies Fields<StageVolume>);

const jwt = z.strictObject({
  key: f.variable.optional(),
  keys: f.variable.optional(),
  algorithm: f.variable.optional(),
} satisfies Fields<JwtVariables>);

const file = z.strictObject({ path: f.dataFilePath, data: z.json() });

const service = z.strictObject({
  kind: f.oneOf("orchestrator", "frontend", "worker", "scheduler", "internal", "consumer", "job"),
  limits: limits.optional(),
  replicas: f.wholeNumber(1, 32).optional(),
  image: image.optional(),
  command: f.texts.optional(),
  entrypoint: f.texts.optional(),
  celeryApp: f.pythonModule.optional(),
  queues: z.array(f.queueName).min(1, "must name at least one queue").optional(),
  concurrency: f.wholeNumber(1, 256).optional(),
  user: f.user.optional(),
  readOnlyRoot: z.boolean().optional(),
  workingDirectory: f.absolutePath.optional(),
  port: f.port.optional(),
  health: health.optional(),
  metrics: z.strictObject({ port: f.port, path: f.urlPath }).optional(),
  environment: f.environment.optional(),
  secretEnvironment: f.secrets.optional(),
  secretFiles: f.secrets.optional(),
  identity: z.boolean().optional(),
  jwt: z.union([z.literal(true), jwt], "must be true, or the names of variables").optional(),
  mainRedis: f.oneOf("broker", "events").optional(),
  volumes: z.array(volume).optional(),
  files: z.array(file).optional(),
  sharedMemory: f.size().optional(),
  gpu: gpu.optional(),
  stopGraceSeconds: f.wholeNumber(0, 3600).optional(),
  restart: f.oneOf("unless-stopped", "on-failure", "no").optional(),
  containerName: f.hostName.optional(),
  hostname: f.hostName.optional(),
  aliases: z.array(f.hostName).optional(),
  telemetryName: f.hostName.optional(),
} satisfies Fields<StageService>);

const database = z.strictObject({
  database: z.string().optional(),
  user: z.string().optional(),
  connectionLimit: z.number().optional(),
  idleInTransactionSeconds: z.number().optional(),
  extensions: z.array(z.string()).optional(),
  extra: z.array(z.string()).optional(),
  initSql: z.array(z.string()).optional(),
} satisfies Fields<StageDatabaseSettings>);

const publishes = z.strictObject({
  types: f.eventTypes,
  stream: f.streamKey.optional(),
  location: z
    .strictObject({
      server: f.oneOf("cache", "broker").optional(),
      database: f.wholeNumber(0, 31).optional(),
    })
    .optional(),
  retention: z
    .strictObject({
      maxLength: f.wholeNumber(1, 100_000_000).optional(),
      maxAge: f.duration.optional(),
    } satisfies Fields<StreamRetention>)
    .optional(),
} satisfies Fields<StagePublication>);

const subscription = z.strictObject({
  from: f.word,
  types: f.eventTypes.optional(),
  group: f.streamKey.optional(),
  start: f.oneOf("0", "$").optional(),
  deadLetterStream: f.streamKey.optional(),
  dryRun: z.boolean().optional(),
  batchMode: z.boolean().optional(),
  pollInterval: f.duration.optional(),
  batchSize: f.wholeNumber(1, 1000).optional(),
  concurrentTasks: f.wholeNumber(1, 256).optional(),
  maxRetries: f.wholeNumber(0, 100).optional(),
  retryDelay: f.duration.optional(),
  deduplication: f.duration.optional(),
  backlog: z
    .strictObject({
      batchSize: f.wholeNumber(1, 10_000).optional(),
      maxAge: f.duration.optional(),
    } satisfies Fields<StageBacklog>)
    .optional(),
} satisfies Fields<StageSubscription>);

/** The shape of a definition. What its parts mean to each other is for the rules. */
export const definitionSchema = z.strictObject({
  number: f.stageNumber,
  name: f.word,
  image,
  services: z.record(f.word, service),
  profile: f.oneOf("small", "medium", "large").optional(),
  containerPrefix: f.hostName.optional(),
  route: route.optional(),
  routes: z.record(f.word, route).optional(),
  stores: z.array(f.oneOf("redis", "postgres", "shared-database", "elasticsearch", "neo4j")).optional(),
  database: database.optional(),
  redisKeys: z.array(f.keyPattern).optional(),
  reads: z
    .strictObject({
      databases: z.array(f.word).optional(),
      files: z.array(f.word).optional(),
    } satisfies Fields<StageReads>)
    .optional(),
  sharedFiles: z.boolean().optional(),
  publishes: publishes.optional(),
  subscribes: z.array(subscription).optional(),
  calls: z.array(f.word).optional(),
  logLevel: f.oneOf("DEBUG", "INFO", "WARNING", "ERROR").optional(),
  version: f.text.optional(),
  environment: f.environment.optional(),
  secretEnvironment: f.secrets.optional(),
  processesDocuments: z.boolean().optional(),
} satisfies Fields<StageDefinition>);
