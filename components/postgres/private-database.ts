import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";

export interface PrivateDatabaseArgs {
  readonly database: pulumi.Input<string>;
  readonly owner: pulumi.Input<string>;
}

/** A database that only its owner may connect to. Returns what grants in it wait for. */
export function createPrivateDatabase(
  names: { readonly database: string; readonly privacy: string },
  { database: databaseName, owner }: PrivateDatabaseArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const database = new postgresql.Database(names.database, { name: databaseName, owner }, opts);
  // Everybody may connect to a new database; afterwards its owner may.
  return new postgresql.Grant(
    names.privacy,
    { database: database.name, role: "public", objectType: "database", privileges: [] },
    opts,
  );
}
