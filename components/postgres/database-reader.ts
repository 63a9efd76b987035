import * as pulumi from "@pulumi/pulumi";
import { after } from "../core/after.ts";
import { generateReplaceablePassword } from "../core/generated-password.ts";
import type { PostgresDatabase, ReaderRequest } from "../core/handles.ts";
import { LoginRole } from "./login-role.ts";
import { grantConnect, grantLater, grantSchema, type ObjectPrivileges } from "./privileges.ts";
import { inServer, type ServerContext } from "./server-context.ts";

export interface DatabaseReaderArgs extends ReaderRequest {
  readonly server: ServerContext;
  /** The last that is made in the database before this; the database itself may be declared later than its reader. */
  readonly previous: Promise<readonly pulumi.Resource[]>;
}

/** Schema in which stages keep their tables. */
const SCHEMA = "public";

const READING: readonly ObjectPrivileges[] = [
  { objectType: "table", privileges: ["SELECT"] },
  { objectType: "sequence", privileges: ["SELECT"] },
];

/**
 * A role that reads the database of another owner: every table of its schema `public`, those of today and later ones
 * (C-14). It can write nothing and create nothing. Stateful and protected like the database.
 */
export class DatabaseReader extends pulumi.ComponentResource implements PostgresDatabase {
  public readonly host: string;
  public readonly port: number;
  public readonly database: string;
  public readonly user: string;
  public readonly password: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: DatabaseReaderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:postgres:DatabaseReader", name, {}, opts);
    this.host = args.server.host;
    this.port = args.server.port;
    this.database = args.database;
    this.user = args.role;
    this.password = generateReplaceablePassword(`${name}-password`, this);
    const options = inServer(args.server, this);
    const role = new LoginRole(
      `${name}-role`,
      { ...args, name: after(args.server.ready, args.role), password: this.password },
      options,
    );
    const reading = {
      database: after(args.previous, args.database),
      schema: SCHEMA,
      role: role.name,
      owner: args.owner,
      objects: READING,
    };
    const connect = grantConnect(`${name}-connect`, reading, options);
    const now = grantSchema(name, { ...reading, usage: ["USAGE"] }, connect, options);
    this.ready = [grantLater(name, reading, now, options)];
    this.registerOutputs({ database: this.database, user: this.user });
  }
}
