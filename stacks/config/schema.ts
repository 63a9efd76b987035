import { z } from "zod";
import { IMAGES, type ImageName } from "../catalog/images.ts";
import { STAGE_CATALOG } from "../catalog/stages/index.ts";
import { bindAddress, hostPort, imageReference, logLevel } from "./fields.ts";
import { gateway } from "./gateway.ts";
import { identity } from "./identity.ts";

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

/** Password of a stage's database user. */
const DATABASE_PASSWORD = /^STAGE[1-8]_POSTGRES_PASSWORD$/;

/** A store that runs where a stage needs it. */
function optionalStore(title: string, store: string, row: string) {
  const enabled = z.boolean().default(false);
  return z
    .strictObject({
      enabled: enabled.describe(`Whether ${title} runs, for stages that list the store \`${store}\`.`),
    })
    .prefault({})
    .describe(`${title} (\`${row}\`).`);
}

/** Every key of the configuration. It is strict: a key that nobody reads fails the preview. */
export const configSchema = z.strictObject({
  stages: z
    .partialRecord(z.enum(stageNames), stageSettings)
    .default({})
    .describe(
      "Stages that are attached, by name. A stage that is not named here is off and has no database.",
    ),
  mode: z
    .enum(["platform", "standalone"])
    .default("platform")
    .describe(
      "`standalone` runs one stage with a network, a Redis and a PostgreSQL of its own and without the platform, on port 8000 + its number of 127.0.0.1 (`000-009`).",
    ),
  logLevel: logLevel.default("INFO").describe("Log level of stages that set none (`000-106`)."),
  bindAddress: bindAddress
    .default("127.0.0.1")
    .describe(
      "Address of the host on which the gateway listens (C-01). The ports of Prometheus, which asks nobody for a password, and Grafana stay on 127.0.0.1; from elsewhere both are reached by `gateway.admin`.",
    ),
  hostPorts: z
    .strictObject({
      gateway: hostPort.default(80).describe("The gateway."),
      gatewayTls: hostPort.default(443).describe("The gateway by TLS, where `gateway.tls` is on."),
      grafana: hostPort.default(3000).describe("Grafana (`000-143`)."),
      prometheus: hostPort.default(9090).describe("Prometheus (`000-145`)."),
      postgres: hostPort
        .default(5432)
        .describe("PostgreSQL, always on 127.0.0.1: the databases are made through it."),
    })
    .prefault({})
    .describe("Ports of the host. Nothing else is published."),
  gateway,
  identity,
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
  postgres: z
    .strictObject({
      maxConnections: z
        .int({ error: "must be a whole number from 50 to 5000" })
        .min(50, { error: "must be a whole number from 50 to 5000" })
        .max(5000, { error: "must be a whole number from 50 to 5000" })
        .default(600)
        .describe(
          "Connections of all clients together: 8 stages with 3 services of 20 each (`000-098`), those that read other stages, and 20 spare. Another number restarts the server; another stage or service does not.",
        ),
    })
    .prefault({})
    .describe("PostgreSQL."),
  redisAuthentication: z
    .boolean()
    .default(false)
    .describe(
      "Whether the platform's Redis servers ask for a user and a password; each stage then has a user of its own with its own keys (C-10). Switching it restarts both servers. A standalone stage asks for none.",
    ),
  elasticsearch: optionalStore("Elasticsearch", "elasticsearch", "000-030"),
  neo4j: optionalStore("Neo4j", "neo4j", "000-031"),
  images: z
    .partialRecord(z.enum(imageNames), imageReference)
    .default({})
    .describe("Images that replace those of the catalogue, for example from a mirror."),
  secrets: z
    .partialRecord(
      z.string().regex(/^(?!STAGE(0|9|\d\d+)_POSTGRES)[A-Z][A-Z0-9_]*$/, {
        error:
          "must be a name in capitals such as OPENAI_API_KEY, or STAGE{N}_POSTGRES_PASSWORD with N from 1 to 8",
      }),
      z.string().min(1, { error: "must not be empty" }),
    )
    .superRefine((secrets, context) => {
      for (const [name, value] of Object.entries(secrets)) {
        if (!DATABASE_PASSWORD.test(name) || (value?.length ?? 0) >= 12) continue;
        context.addIssue({ code: "custom", path: [name], message: "must have at least 12 characters" });
      }
    })
    .default({})
    .describe(
      "Secrets by name: database passwords that are given and not generated, STAGE{N}_POSTGRES_PASSWORD (`000-029`), and those that stages name in their definitions (`000-092` to `000-094`). Set them with `npm run secret -- NAME`, or with your own backend by `pulumi config set --secret --path 'storytelling:secrets.NAME'`.",
    ),
});

export type PlatformConfig = z.infer<typeof configSchema>;
