import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import { after } from "../core/after.ts";
import { generateReplaceablePassword } from "../core/generated-password.ts";
import type { DatabaseRequest, OwnedDatabase, PostgresDatabase } from "../core/handles.ts";
import { InitSqlRun } from "./init-sql-run.ts";
import { LoginRole } from "./login-role.ts";
import { createPrivateDatabase } from "./private-database.ts";
import { inServer, type ServerContext } from "./server-context.ts";
import type { SharedDatabase } from "./shared-database.ts";

export interface StageDatabaseArgs extends Omit<DatabaseRequest, "sharesData"> {
  readonly server: ServerContext;
  /** What is made in the server before this database. */
  readonly previous: readonly pulumi.Resource[];
  /** The database in which the owner takes part. None unless given. */
  readonly shared?: SharedDatabase;
}

/**
 * A database and its owner, the only role besides superusers that may connect, with whatever else the owner was given:
 * extensions, further databases, a part in the shared one. Stateful and protected.
 */
export class StageDatabase extends pulumi.ComponentResource implements OwnedDatabase {
  public readonly host: string;
  public readonly port: number;
  public readonly database: string;
  public readonly user: string;
  public readonly password: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];
  public readonly extraDatabases: ReadonlyMap<string, PostgresDatabase>;
  public readonly sharedDatabase?: PostgresDatabase;
  public readonly initialized: readonly Promise<pulumi.Resource>[];

  public constructor(name: string, args: StageDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:postgres:StageDatabase", name, {}, opts);
    this.host = args.server.host;
    this.port = args.server.port;
    this.database = args.database;
    this.user = args.owner;
    this.password = pulumi.secret(args.password ?? generateReplaceablePassword(`${name}-password`, this));
    const owner = this.createOwner(name, args);
    const database = this.createDatabase(name, args, owner);
    const extensions = this.createExtensions(name, args, database);
    this.extraDatabases = this.createExtraDatabases(name, args, owner, database);
    const extras = [...this.extraDatabases.values()].flatMap(({ ready }) => ready);
    this.ready = [database, ...extensions, ...extras];
    if (args.shared !== undefined) this.sharedDatabase = args.shared.admit(`${name}-shared`, this, owner);
    this.initialized = [...(args.shared?.initialized ?? []), ...this.runInitSql(name, args)];
    this.registerOutputs({ database: this.database, user: this.user });
  }

  private createOwner(name: string, { server, previous, shared, ...args }: StageDatabaseArgs): LoginRole {
    const before = [...server.ready, ...previous, ...(shared?.ready ?? [])];
    return new LoginRole(
      `${name}-owner`,
      {
        ...args,
        name: after(before, args.owner),
        password: this.password,
        ...(shared === undefined ? {} : { memberOf: [shared.members] }),
      },
      inServer(server, this),
    );
  }

  private createDatabase(name: string, args: StageDatabaseArgs, owner: LoginRole): pulumi.Resource {
    return createPrivateDatabase(
      { database: `${name}-database`, privacy: `${name}-privacy` },
      { database: args.database, owner: owner.name },
      inServer(args.server, this),
    );
  }

  private createExtensions(
    name: string,
    { server, database, extensions = [] }: StageDatabaseArgs,
    previous: pulumi.Resource,
  ): pulumi.Resource[] {
    return extensions.map(
      (extension) =>
        new postgresql.Extension(
          `${name}-extension-${extension}`,
          { name: extension, database },
          { ...inServer(server, this), dependsOn: previous },
        ),
    );
  }

  private createExtraDatabases(
    name: string,
    { server, extraDatabases = [] }: StageDatabaseArgs,
    owner: LoginRole,
    first: pulumi.Resource,
  ): ReadonlyMap<string, PostgresDatabase> {
    const { host, port, user, password } = this;
    let previous = first;
    return new Map(
      extraDatabases.map((database) => {
        previous = createPrivateDatabase(
          { database: `${name}-${database}`, privacy: `${name}-${database}-privacy` },
          { database, owner: owner.name },
          { ...inServer(server, this), dependsOn: previous },
        );
        return [database, { host, port, database, user, password, ready: [previous] }];
      }),
    );
  }

  private runInitSql(name: string, { server, initSql }: StageDatabaseArgs): Promise<pulumi.Resource>[] {
    if (initSql === undefined) return [];
    const run = new InitSqlRun(`${name}-init-sql`, { ...initSql, server, database: this }, { parent: this });
    return [run.succeeded];
  }
}
