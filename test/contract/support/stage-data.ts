import * as pulumi from "@pulumi/pulumi";
import { Client } from "pg";
import type { StateResource } from "../../../cli/pulumi/state.ts";
import type { NetworkHandle, PostgresDatabase } from "../../../components/core/handles.ts";
import { Postgres } from "../../../components/postgres/postgres.ts";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { createStageDatabases, type StageDatabases } from "../../../components/stage/stage-databases.ts";
import { ProviderRuntime } from "../../../offline/providers/bridge/runtime.ts";
import { postgresqlProvider } from "../../../offline/providers/postgresql/provider.ts";
import type { PostgresServer } from "../../../offline/providers/postgresql/server.ts";
import { imageOf } from "../../support/images.ts";
import { type Recorder, type RegisteredResource, startMocks } from "../../support/mocks.ts";
import { valueOf } from "../../support/outputs.ts";
import type { RunningContainer, Sandbox } from "../../support/sandbox.ts";

export type Login = Pick<PostgresDatabase, "database" | "user" | "password">;

export interface Attached {
  readonly stages: ReadonlyMap<string, StageDatabases>;
  readonly recorder: Recorder;
  /** What was made in the server, as the state would have it. */
  readonly made: readonly StateResource[];
}

/** A real server with what stages ask of it, made by the stand-in provider from the recorded program. */
export class StageDataWorld {
  readonly #sandbox: Sandbox;
  readonly #network: NetworkHandle;
  readonly #adminPassword: string;
  #server: RunningContainer | undefined;

  private constructor(sandbox: Sandbox, network: NetworkHandle, adminPassword: string) {
    this.#sandbox = sandbox;
    this.#network = network;
    this.#adminPassword = adminPassword;
  }

  public static async create(sandbox: Sandbox): Promise<StageDataWorld> {
    const network = await sandbox.createNetwork("net");
    await startMocks();
    const world = new StageDataWorld(sandbox, network, "");
    const password = await valueOf((await world.#declareServer()).adminPassword);
    return new StageDataWorld(sandbox, network, password);
  }

  public get port(): number {
    return this.#server?.hostPort(5432) ?? 0;
  }

  /**
   * Makes everything that these stages ask of the server, in the order in which the program does. With `only`, that of one
   * stage, because the others are there already.
   */
  public async attach(stages: readonly StageDefinition[], only = ""): Promise<Attached> {
    const recorder = await startMocks();
    const postgres = await this.#declareServer();
    const attached = new Map(
      stages.map((definition) => {
        const parent = new pulumi.ComponentResource("test:index:Stage", definition.name);
        const args = { definition, peers: stages, postgres, enabled: true };
        return [definition.name, createStageDatabases(definition.name, args, parent)];
      }),
    );
    const resources = await recorder.settled();
    this.#server ??= await this.#start(resources);
    const made = await this.#apply(
      resources.filter(({ type, name }) => type.startsWith("postgresql:") && name.startsWith(only)),
    );
    return { stages: attached, recorder, made };
  }

  /** Rows of a query that comes from the host. */
  public async query(login: Login, sql: string): Promise<readonly Record<string, unknown>[]> {
    const client = await this.connect(login);
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  public async connect({ database, user, password }: Login): Promise<Client> {
    const client = new Client({
      host: "127.0.0.1",
      port: this.port,
      database,
      user,
      password: await valueOf(password),
    });
    client.on("error", () => undefined);
    await client.connect();
    return client;
  }

  /** The superuser in any database. */
  public admin(database: string): Login {
    return { database, user: "platform_admin", password: pulumi.secret(this.#adminPassword) };
  }

  async #declareServer(): Promise<Postgres> {
    return new Postgres("postgres", {
      containerName: `${this.#sandbox.prefix}-postgres`,
      image: await imageOf("postgres"),
      network: this.#network,
      limits: { cpus: 1, memory: "512 MB" },
      volumeName: this.#sandbox.volumeName("postgres"),
      adminUser: "platform_admin",
      maxConnections: 200,
      published: { host: 0, address: "127.0.0.1" },
    });
  }

  async #start(resources: readonly RegisteredResource[]): Promise<RunningContainer> {
    const server = resources.find(({ name }) => name === "postgres-server");
    if (server === undefined) throw new Error("the program declares no server");
    return this.#sandbox.start(server);
  }

  /** The stand-in provider, connected. */
  public provider(): ProviderRuntime<PostgresServer> {
    const provider = new ProviderRuntime(postgresqlProvider);
    const superuser = { username: "platform_admin", password: this.#adminPassword };
    provider.configure({ host: "127.0.0.1", port: this.port, ...superuser, sslmode: "disable" });
    return provider;
  }

  async #apply(resources: readonly RegisteredResource[]): Promise<StateResource[]> {
    const provider = this.provider();
    const made: StateResource[] = [];
    for (const { urn, type, inputs } of resources) {
      const checked = provider.check(urn, {}, inputs, "");
      if (checked.failures.length > 0) throw new Error(JSON.stringify(checked.failures));
      const created = await provider.create(urn, checked.inputs, false);
      made.push({ urn, type, custom: true, inputs: checked.inputs, ...created });
    }
    return made;
  }
}
