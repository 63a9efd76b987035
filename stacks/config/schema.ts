import { z } from "zod";
import { IMAGES, type ImageName } from "../catalog/images.ts";
import { STAGE_CATALOG } from "../catalog/stages/index.ts";
import { bindAddress, hostPort, imageReference, logLevel } from "./fields.ts";

const stageNames = STAGE_CATALOG.map(({ name }) => name);
const imageNames = Object.keys(IMAGES) as ImageName[];

const stageSettings = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe(
        "Whether the stage's containers run. Its database stays either way, so that switching a stage off loses nothing.",
      ),
    logLevel: logLevel
      .optional()
      .describe("Log level of the stage. The deployment's `logLevel` unless given."),
    image: imageReference
      .optional()
      .describe("Image of the stage's services. The one of the stage's definition unless given."),
  })
  .describe("What this deployment changes of a stage's definition.");

/** Every key of the configuration. It is strict: a key that nobody reads fails the preview. */
export const configSchema = z.strictObject({
  stages: z
    .partialRecord(z.enum(stageNames), stageSettings)
    .default({})
    .describe(
      "Stages that are attached, by name. A stage that is not named here is off and has no database.",
    ),
  logLevel: logLevel.default("INFO").describe("Log level of stages that set none (`000-106`)."),
  bindAddress: bindAddress
    .default("127.0.0.1")
    .describe("Address of the host on which the gateway, Grafana and Prometheus listen (C-01)."),
  hostPorts: z
    .strictObject({
      gateway: hostPort.default(80).describe("The gateway."),
      grafana: hostPort.default(3000).describe("Grafana (`000-143`)."),
      prometheus: hostPort.default(9090).describe("Prometheus (`000-145`)."),
      postgres: hostPort
        .default(5432)
        .describe("PostgreSQL, always on 127.0.0.1: the databases are made through it."),
    })
    .prefault({})
    .describe("Ports of the host. Nothing else is published."),
  limitScale: z
    .number()
    .min(0.05, { error: "must be from 0.05 to 1" })
    .max(1, { error: "must be from 0.05 to 1" })
    .default(1)
    .describe(
      "Factor on the CPU and memory limits of every stage, for a host smaller than the sources assume (C-40). Limits never change without it.",
    ),
  host: z
    .strictObject({
      cpus: z
        .number()
        .positive({ error: "must be greater than 0" })
        .optional()
        .describe("CPUs of the Docker host. Those of the machine that runs Pulumi unless given."),
      dockerApiVersion: z
        .string()
        .regex(/^\d+\.\d+$/, { error: 'must be a version such as "1.44" (see `docker version`)' })
        .default("1.44")
        .describe("API version of the Docker engine, as `docker version` shows it."),
    })
    .prefault({})
    .describe("The Docker host."),
  grafana: z
    .strictObject({ enabled: z.boolean().default(true).describe("Whether Grafana runs.") })
    .prefault({})
    .describe("Grafana."),
  images: z
    .partialRecord(z.enum(imageNames), imageReference)
    .default({})
    .describe("Images that replace those of the catalogue, for example from a mirror."),
  secrets: z
    .partialRecord(
      z.string().regex(/^STAGE[1-8]_POSTGRES_PASSWORD$/, {
        error: "must be STAGE{N}_POSTGRES_PASSWORD with N from 1 to 8",
      }),
      z.string().min(12, { error: "must have at least 12 characters" }),
    )
    .default({})
    .describe(
      "Secrets that are given and not generated (`000-029`); set them with `pulumi config set --secret --path`.",
    ),
});

export type PlatformConfig = z.infer<typeof configSchema>;
