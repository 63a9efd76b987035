import { readFileSync } from "node:fs";
import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../core/after.ts";
import { generatePassword } from "../core/generated-password.ts";
import type { PostgresDatabase } from "../core/handles.ts";
import { InitSqlRun } from "./init-sql-run.ts";
import { LoginRole } from "./login-role.ts";
import { createPrivateDatabase } from "./private-database.ts";
import { grantConnect, grantLater, grantSchema, type ObjectPrivileges } from "./privileges.ts";
import { inServer, type ServerContext } from "./server-context.ts";

export interface SharedDatabaseArgs {
  readonly server: ServerContext;
  /** What is made in the server before this database. */
  readonly previous: readonly pulumi.Resource[];
  /** Name on the host of the container that makes the first table. */
  readonly initContainerName: string;
}

const DATABASE = "storytelling_shared";
const MEMBERS = "storytelling_shared";
const OWNER = "storytelling_shared_owner";
const SCHEMA = "shared";

const EVERYTHING: readonly ObjectPrivileges[] = [
  { objectType: "table", privileges: ["ALL"] },
  { objectType: "sequence", privileges: ["ALL"] },
];

/**
 * The database in which stages share data (C-13). Its members may make tables in the schema `shared`, and each may read
 * and write what any of them made; only who made a table may alter it. Stateful and protected.
 */
export class SharedDatabase extends pulumi.ComponentResource implements PostgresDatabase {
  public readonly host: string;
  public readonly port: number;
  public readonly database = DATABASE;
  public readonly user = OWNER;
  public readonly password: pulumi.Output<string>;
  /** The role whose members share the data. */
  public readonly members = MEMBERS;
  public readonly ready: readonly pulumi.Resource[];
  public readonly initialized: readonly Promise<pulumi.Resource>[];
  private readonly server: ServerContext;

  public constructor(name: string, args: SharedDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:postgres:SharedDatabase", name, {}, opts);
    this.server = args.server;
    this.host = args.server.host;
    this.port = args.server.port;
    this.password = generatePassword(`${name}-password`, this);
    const members = this.createMembers(name, args);
    const owner = this.createOwner(name, members);
    const schema = this.createSchema(name, members, owner);
    this.ready = [this.shareSchema(name, members, owner, schema)];
    this.initialized = [this.createTables(name, args)];
    this.registerOutputs({ database: this.database });
  }

  /** The database as a role sees it that takes part. Whatever that role makes is everybody's to read and write. */
  public admit(
    name: string,
    member: Omit<PostgresDatabase, "ready" | "database"> & pulumi.Resource,
    role: LoginRole,
  ): PostgresDatabase {
    const { host, port, user, password } = member;
    const sharing = {
      database: DATABASE,
      schema: SCHEMA,
      role: MEMBERS,
      owner: role.name,
      objects: EVERYTHING,
    };
    const shared = grantLater(name, sharing, role, inServer(this.server, member));
    return { host, port, database: DATABASE, user, password, ready: [shared] };
  }

  private createMembers(name: string, { server, previous }: SharedDatabaseArgs): postgresql.Role {
    return new postgresql.Role(
      `${name}-members`,
      { name: after([...server.ready, ...previous], MEMBERS), login: false },
      inServer(server, this),
    );
  }

  private createOwner(name: string, members: postgresql.Role): LoginRole {
    return new LoginRole(
      `${name}-owner`,
      { name: OWNER, password: this.password },
      { ...inServer(this.server, this), dependsOn: members },
    );
  }

  private createSchema(name: string, members: postgresql.Role, owner: LoginRole): postgresql.Schema {
    const opts = inServer(this.server, this);
    const database = createPrivateDatabase(
      { database: `${name}-database`, privacy: `${name}-privacy` },
      { database: DATABASE, owner: owner.name },
      opts,
    );
    const connect = grantConnect(
      `${name}-connect`,
      { database: DATABASE, role: members.name },
      { ...opts, dependsOn: database },
    );
    return new postgresql.Schema(
      `${name}-schema`,
      { name: SCHEMA, database: DATABASE, owner: owner.name },
      { ...opts, dependsOn: connect },
    );
  }

  private shareSchema(
    name: string,
    members: postgresql.Role,
    owner: LoginRole,
    schema: postgresql.Schema,
  ): pulumi.Resource {
    const opts = inServer(this.server, this);
    const sharing = { database: DATABASE, schema: SCHEMA, role: members.name, objects: EVERYTHING };
    const now = grantSchema(name, { ...sharing, usage: ["CREATE", "USAGE"] }, schema, opts);
    return grantLater(name, { ...sharing, owner: owner.name }, now, opts);
  }

  private createTables(
    name: string,
    { server, initContainerName }: SharedDatabaseArgs,
  ): Promise<pulumi.Resource> {
    const text = readFileSync(new URL("./shared-documents.sql", import.meta.url), "utf8");
    const run = new InitSqlRun(
      `${name}-init-sql`,
      {
        server,
        database: this,
        containerName: initContainerName,
        labels: { service: "postgres-init-sql" },
        scripts: [{ name: "shared-documents.sql", text }],
      },
      { parent: this },
    );
    return run.succeeded;
  }
}
