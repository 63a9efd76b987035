import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";

/** What is granted on all objects of one kind. */
export interface ObjectPrivileges {
  readonly objectType: "table" | "sequence";
  readonly privileges: readonly string[];
}

export interface SchemaPrivileges {
  readonly database: pulumi.Input<string>;
  readonly schema: string;
  readonly role: pulumi.Input<string>;
  /** On the schema itself. */
  readonly usage: readonly ("USAGE" | "CREATE")[];
  readonly objects: readonly ObjectPrivileges[];
}

/** Lets a role connect, which nobody but the owner may. */
export function grantConnect(
  name: string,
  { database, role }: Pick<SchemaPrivileges, "database" | "role">,
  opts: pulumi.CustomResourceOptions,
): postgresql.Grant {
  return new postgresql.Grant(
    name,
    { database, role, objectType: "database", privileges: ["CONNECT"] },
    opts,
  );
}

/** Privileges on a schema and on what is in it now. Returns the last grant, on which the others depend. */
export function grantSchema(
  name: string,
  { database, schema, role, usage, objects }: SchemaPrivileges,
  previous: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const grants = [{ objectType: "schema", privileges: usage }, ...objects];
  return inTurn(previous, grants, ({ objectType, privileges }, dependsOn) => {
    const inputs = { database, schema, role, objectType, privileges: [...privileges] };
    return new postgresql.Grant(`${name}-now-${objectType}`, inputs, { ...opts, dependsOn });
  });
}

/** Privileges on what an owner will make in a schema. Returns the last of them, on which the others depend. */
export function grantLater(
  name: string,
  {
    database,
    schema,
    role,
    owner,
    objects,
  }: Omit<SchemaPrivileges, "usage"> & { owner: pulumi.Input<string> },
  previous: pulumi.Resource,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  return inTurn(previous, objects, ({ objectType, privileges }, dependsOn) => {
    const inputs = { database, schema, role, owner, objectType, privileges: [...privileges] };
    return new postgresql.DefaultPrivileges(`${name}-later-${objectType}`, inputs, { ...opts, dependsOn });
  });
}

/** PostgreSQL refuses two changes of one row of its catalogue at the same time, so each waits for the one before. */
function inTurn<T>(
  first: pulumi.Resource,
  items: readonly T[],
  create: (item: T, previous: pulumi.Resource) => pulumi.Resource,
): pulumi.Resource {
  return items.reduce((previous, item) => create(item, previous), first);
}
