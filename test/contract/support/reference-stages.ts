import { randomBytes } from "node:crypto";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { execa } from "execa";
import type { PostgresDatabase } from "../../../components/core/handles.ts";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import type { StageConnections } from "../../../components/stage/environment/connections.ts";
import { stageEnvironment } from "../../../components/stage/environment/stage-environment.ts";
import { containerName, databaseName, databaseUser } from "../../../components/stage/names.ts";
import { cleaning } from "../../../stacks/catalog/stages/1-cleaning.ts";
import { nlp } from "../../../stacks/catalog/stages/2-nlp.ts";
import { imageOf } from "../../support/images.ts";
import { valueOf } from "../../support/outputs.ts";
import { until } from "./until.ts";

const STAGE_FOLDER = join(import.meta.dirname, "..", "..", "..", "examples", "reference-stage");
const PASSWORD = "only-for-this-test";

type Variables = Readonly<Record<string, string>>;

/**
 * Stages 1 and 2 of the catalogue with the reference image, on real stores and a network of their own. Each service has
 * exactly the environment that the program gives it; what a test changes of it, it says.
 */
export class ReferenceStages {
  public readonly prefix = `storytelling-test-${randomBytes(4).toString("hex")}`;
  public readonly cleaning: StageDefinition = { ...cleaning, containerPrefix: `${this.prefix}-cleaning` };
  public readonly nlp: StageDefinition = { ...nlp, containerPrefix: `${this.prefix}-nlp` };
  public readonly cache = `${this.prefix}-redis-cache`;
  public readonly broker = `${this.prefix}-redis-broker`;
  readonly #postgres = `${this.prefix}-postgres`;
  readonly #image = `storytelling-test/reference-stage:${this.prefix}`;

  /** Builds the image, starts the stores and makes each stage's database with its owner and its tables. */
  public async start(): Promise<void> {
    await docker(
      "build",
      "-q",
      "-t",
      this.#image,
      "--build-arg",
      `BASE_IMAGE=${await imageOf("debian")}`,
      STAGE_FOLDER,
    );
    await docker("network", "create", this.prefix);
    const redis = await imageOf("redis");
    for (const name of [this.cache, this.broker])
      await this.#run(name, redis, {}, ["redis-server", "--appendonly", "yes", "--databases", "32"]);
    // The test kills other things; without fsync, it depends less on the host's disk.
    const postgres = await imageOf("postgres");
    await this.#run(this.#postgres, postgres, { POSTGRES_PASSWORD: PASSWORD }, [
      "postgres",
      "-c",
      "fsync=off",
      "-c",
      "max_connections=200",
    ]);
    await until(
      "PostgreSQL answers",
      async () => (await this.sql("postgres", "SELECT 1").catch(() => "")) === "1",
    );
    for (const stage of [this.cleaning, this.nlp]) await this.#createDatabase(stage);
    await this.#createReader();
  }

  /** Starts a service of a stage as the catalogue declares it, with these variables on top of its own. */
  public async startService(
    stage: StageDefinition,
    service: string,
    variables: Variables = {},
  ): Promise<string> {
    const name = containerName(stage, service);
    const environment = await this.#environment(stage, service);
    await this.#run(
      name,
      this.#image,
      { ...environment, ...variables },
      stage.services[service]?.command ?? [],
    );
    return name;
  }

  /** Runs a command of the reference image with the environment of a stage's orchestrator, to its end. */
  public async runJob(stage: StageDefinition, ...command: string[]): Promise<void> {
    const environment = await this.#environment(stage, "orchestrator");
    await docker("run", "--rm", "--network", this.prefix, ...flags(environment), this.#image, ...command);
  }

  /** One value or the lines of a result, as `psql -At` prints them. */
  public async sql(database: string, statement: string): Promise<string> {
    return docker("exec", this.#postgres, "psql", "-U", "postgres", "-d", database, "-Atc", statement);
  }

  /** `redis-cli` in the cache's database 1, where the stream of stage 1 is. */
  public async stream(...command: string[]): Promise<string> {
    return docker("exec", this.cache, "redis-cli", "-n", "1", ...command);
  }

  /** Adds entries to the stream of stage 1, each with one field. */
  public async add(entries: readonly (readonly [field: string, value: string])[]): Promise<void> {
    const commands = entries.map(([field, value]) => ["XADD", "stage1:cleaning:events", "*", field, value]);
    await execa("docker", ["exec", "-i", this.cache, "redis-cli", "-n", "1", "--pipe"], {
      input: commands.map(toProtocol).join(""),
    });
  }

  /** Lines of a container's log with this event. */
  public async logged(container: string, event: string): Promise<Record<string, unknown>[]> {
    const { all } = await execa("docker", ["logs", container], { all: true, maxBuffer: 1 << 30 });
    return all
      .split("\n")
      .filter((line) => line.includes(`"event": "${event}"`))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  public async close(): Promise<void> {
    const { stdout } = await execa("docker", ["ps", "-aq", "--filter", `name=${this.prefix}`]);
    const ids = stdout.split("\n").filter((id) => id !== "");
    if (ids.length > 0) await execa("docker", ["rm", "-fv", ...ids]);
    await execa("docker", ["network", "rm", this.prefix], { reject: false });
    await execa("docker", ["image", "rm", "-f", this.#image], { reject: false });
  }

  async #run(name: string, image: string, environment: Variables, command: readonly string[]): Promise<void> {
    const identity = ["--name", name, "--hostname", name, "--network", this.prefix];
    await docker(
      "run",
      "-d",
      "--restart",
      "unless-stopped",
      ...identity,
      ...flags(environment),
      image,
      ...command,
    );
  }

  async #environment(stage: StageDefinition, service: string): Promise<Variables> {
    const surroundings = {
      connections: this.#connections(stage),
      secret: (name: string): never => {
        throw new Error(`no service of the catalogue needs a secret, but ${name} was asked for`);
      },
      defaultLogLevel: "INFO" as const,
    };
    return valueOf(stageEnvironment(stage, service, surroundings));
  }

  #connections(stage: StageDefinition): StageConnections {
    const redis = { port: 6379, databases: 32, ready: [] };
    return {
      broker: { ...redis, host: this.broker },
      cache: { ...redis, host: this.cache },
      database: this.#database(databaseName(stage), databaseUser(stage)),
      readDatabases: new Map(
        stage === this.nlp ? [[1, this.#database(databaseName(this.cleaning), "stage2_reads_stage1")]] : [],
      ),
      peers: [this.cleaning, this.nlp],
    };
  }

  #database(database: string, user: string): PostgresDatabase {
    return { host: this.#postgres, port: 5432, database, user, password: pulumi.output(PASSWORD), ready: [] };
  }

  async #createDatabase(stage: StageDefinition): Promise<void> {
    await this.sql("postgres", `CREATE ROLE ${databaseUser(stage)} LOGIN PASSWORD '${PASSWORD}'`);
    await this.sql("postgres", `CREATE DATABASE ${databaseName(stage)} OWNER ${databaseUser(stage)}`);
    await this.runJob(stage, "python", "-m", "reference_stage.migrate");
  }

  async #createReader(): Promise<void> {
    await this.sql("postgres", `CREATE ROLE stage2_reads_stage1 LOGIN PASSWORD '${PASSWORD}'`);
    await this.sql(
      databaseName(this.cleaning),
      "GRANT SELECT ON ALL TABLES IN SCHEMA public TO stage2_reads_stage1",
    );
  }
}

export async function docker(...command: readonly string[]): Promise<string> {
  const { stdout } = await execa("docker", command, { maxBuffer: 1 << 30 });
  return stdout;
}

function flags(environment: Variables): string[] {
  return Object.entries(environment).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
}

/** A command as Redis reads it from a connection. */
function toProtocol(command: readonly string[]): string {
  const parts = command.map((part) => `$${Buffer.byteLength(part)}\r\n${part}\r\n`);
  return `*${command.length}\r\n${parts.join("")}`;
}
