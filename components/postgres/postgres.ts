import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { generatePassword } from "../core/generated-password.ts";
import type {
  DatabaseRequest,
  NetworkHandle,
  OwnedDatabase,
  PostgresDatabase,
  PostgresServer,
  ReaderRequest,
} from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { DatabaseReader } from "./database-reader.ts";
import { DatabaseTurns } from "./database-turns.ts";
import { DATA_PATH, PORT, renderPostgresCommand } from "./postgres.config.ts";
import type { ServerContext } from "./server-context.ts";
import { SharedDatabase } from "./shared-database.ts";
import { StageDatabase } from "./stage-database.ts";

const ALIAS = "postgres";
const ADMIN_DATABASE = "postgres";
const PASSWORD_FILE = "/run/secrets/postgres-password";

export interface PostgresArgs {
  readonly containerName: string;
  /** An official `postgres` image of version 17 or older, or one that is started like it. No default on purpose. */
  readonly image: pulumi.Input<string>;
  readonly network: NetworkHandle;
  readonly limits: ResourceLimits;
  readonly volumeName: string;
  /** Superuser, by which databases and roles are made. */
  readonly adminUser: string;
  /** Connections of all clients together. */
  readonly maxConnections: number;
  /** Where the host listens, for whoever makes databases. A loopback address: the connection is not encrypted. */
  readonly published: { readonly host: number; readonly address: string };
}

/**
 * The shared PostgreSQL server. Stateful: the volume, the passwords and everything in the server is protected, so
 * `destroy --exclude-protected` takes the container away and the next `up` finds its data and its passwords again.
 */
export class Postgres extends pulumi.ComponentResource implements PostgresServer {
  public readonly host = ALIAS;
  public readonly port = PORT;
  public readonly adminUser: string;
  /** Secret. */
  public readonly adminPassword: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];
  private readonly context: ServerContext;
  private readonly turns = new DatabaseTurns();
  private readonly sharedNames: { readonly resource: string; readonly initContainer: string };
  /** Made when the first one takes part in it. */
  private shared: SharedDatabase | undefined;
  /** What was last made in the server. */
  private latest: readonly pulumi.Resource[] = [];

  public constructor(name: string, args: PostgresArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:postgres:Postgres", name, {}, opts);
    this.adminUser = args.adminUser;
    this.sharedNames = { resource: `${name}-shared`, initContainer: `${args.containerName}-shared-init-sql` };
    const volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    // Counts at the first start on an empty volume only, so it must live as long as the volume.
    this.adminPassword = generatePassword(`${name}-admin-password`, this);
    this.ready = [this.createServer(name, args, volume)];
    this.context = {
      host: this.host,
      port: this.port,
      ready: this.ready,
      provider: this.createProvider(name, args),
      volume,
      image: args.image,
      network: args.network,
    };
    this.registerOutputs({ host: this.host, port: this.port });
  }

  public createDatabase(name: string, request: DatabaseRequest, parent: pulumi.Resource): OwnedDatabase {
    const { sharesData = false, ...wanted } = request;
    const shared = sharesData ? { shared: this.sharedDatabase() } : {};
    // One after the other: changes of the server's own tables at the same time are refused by PostgreSQL.
    const args = { ...wanted, ...shared, server: this.context, previous: this.latest };
    const database = new StageDatabase(name, args, { parent });
    this.latest = database.ready;
    this.turns.open(request.database, database.ready);
    return database;
  }

  public createReader(name: string, request: ReaderRequest, parent: pulumi.Resource): PostgresDatabase {
    const previous = this.turns.latest(request.database);
    const reader = new DatabaseReader(name, { ...request, server: this.context, previous }, { parent });
    this.turns.append(request.database, reader.ready);
    return reader;
  }

  private sharedDatabase(): SharedDatabase {
    const { resource, initContainer } = this.sharedNames;
    const args = { server: this.context, previous: this.latest, initContainerName: initContainer };
    this.shared ??= new SharedDatabase(resource, args, { parent: this });
    return this.shared;
  }

  private createServer(name: string, args: PostgresArgs, volume: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: { service: ALIAS },
        command: renderPostgresCommand({ maxConnections: args.maxConnections, memory: args.limits.memory }),
        // As this user the image's entry point has nothing to hand over, for which it would need capabilities.
        user: { name: "postgres" },
        rootFilesystem: { writable: UPLOADED_FILES },
        environment: {
          POSTGRES_USER: args.adminUser,
          POSTGRES_DB: ADMIN_DATABASE,
          POSTGRES_PASSWORD_FILE: PASSWORD_FILE,
          POSTGRES_INITDB_ARGS: "--data-checksums",
        },
        files: [{ path: PASSWORD_FILE, content: this.adminPassword }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        ports: [{ ...args.published, container: PORT }],
        // Over TCP: while a new cluster is made the server answers on its socket only, and goes away again.
        health: commandProbe(["pg_isready", "-h", "127.0.0.1", "-U", args.adminUser, "-d", ADMIN_DATABASE]),
        limits: args.limits,
        // Parallel queries meet there, and 64 MB are soon full.
        sharedMemory: "256 MB",
        // A checkpoint of everything in memory; a killed server recovers for longer than that.
        stopGraceSeconds: 60,
      },
      { parent: this, dependsOn: [...args.network.ready, volume] },
    );
  }

  /** Static but for the password, so that a preview needs no server. */
  private createProvider(name: string, args: PostgresArgs): postgresql.Provider {
    return new postgresql.Provider(
      `${name}-provider`,
      {
        host: args.published.address,
        port: args.published.host,
        database: ADMIN_DATABASE,
        username: args.adminUser,
        password: this.adminPassword,
        sslmode: "disable",
        superuser: true,
      },
      { parent: this },
    );
  }
}
