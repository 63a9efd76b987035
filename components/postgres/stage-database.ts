import * as postgresql from "@pulumi/postgresql";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { after } from "../core/after.ts";
import type { DatabaseRequest, PostgresDatabase, Ready } from "../core/handles.ts";

export interface StageDatabaseArgs extends DatabaseRequest {
  readonly server: Ready & { readonly host: string; readonly port: number };
  readonly provider: postgresql.Provider;
  /** The volume of the server. Whoever deletes it has deleted the database, too. */
  readonly volume: pulumi.Resource;
  /** What is made in the server before this database. */
  readonly previous: readonly pulumi.Resource[];
}

/** A database and its owner, the only role besides superusers that may connect. Stateful and protected. */
export class StageDatabase extends pulumi.ComponentResource implements PostgresDatabase {
  public readonly host: string;
  public readonly port: number;
  public readonly database: string;
  public readonly user: string;
  public readonly password: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: StageDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:postgres:StageDatabase", name, {}, opts);
    this.host = args.server.host;
    this.port = args.server.port;
    this.database = args.database;
    this.user = args.owner;
    this.password = pulumi.secret(args.password ?? this.createPassword(name));
    const inServer = { parent: this, provider: args.provider, protect: true, deletedWith: args.volume };
    const role = new postgresql.Role(
      `${name}-owner`,
      {
        name: after([...args.server.ready, ...args.previous], args.owner),
        login: true,
        password: this.password,
        ...(args.connectionLimit === undefined ? {} : { connectionLimit: args.connectionLimit }),
      },
      inServer,
    );
    const database = new postgresql.Database(
      `${name}-database`,
      { name: args.database, owner: role.name },
      inServer,
    );
    // Everybody may connect to a new database; afterwards its owner may.
    const privacy = new postgresql.Grant(
      `${name}-privacy`,
      { database: database.name, role: "public", objectType: "database", privileges: [] },
      inServer,
    );
    this.ready = [privacy];
    this.registerOutputs({ database: this.database, user: this.user });
  }

  /** Letters and digits only, so that it needs no encoding in a URL. */
  private createPassword(name: string): pulumi.Output<string> {
    const password = new random.RandomPassword(
      `${name}-password`,
      { length: 32, special: false },
      { parent: this, protect: true },
    );
    return password.result;
  }
}
