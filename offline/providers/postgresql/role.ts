import type { Resource } from "../bridge/resource.ts";
import { boolean, integer, list, output, set, string } from "../bridge/schema.ts";
import { flagOf, numberOf, type PropertyMap, textOf, textsOf } from "../bridge/values.ts";
import { identifier } from "./quoting.ts";
import { attributesOf } from "./role-attributes.ts";
import { settingsOf, TIMEOUTS } from "./role-settings.ts";
import { type PostgresServer, type Session, stating } from "./server.ts";

interface RoleRow {
  readonly name: string;
  readonly superuser: boolean;
  readonly inherit: boolean;
  readonly createrole: boolean;
  readonly createdb: boolean;
  readonly login: boolean;
  readonly replication: boolean;
  readonly bypassrls: boolean;
  readonly connlimit: number;
  readonly validuntil: string;
  readonly config: readonly string[] | null;
  readonly members: readonly string[];
}

const READ_ROLE = `
  SELECT rolname AS name, rolsuper AS superuser, rolinherit AS inherit, rolcreaterole AS createrole,
         rolcreatedb AS createdb, rolcanlogin AS login, rolreplication AS replication,
         rolbypassrls AS bypassrls, rolconnlimit AS connlimit,
         COALESCE(rolvaliduntil::text, 'infinity') AS validuntil, rolconfig AS config,
         ARRAY(SELECT pg_get_userbyid(roleid)::text FROM pg_catalog.pg_auth_members
               WHERE member = pg_roles.oid ORDER BY 1) AS members
  FROM pg_catalog.pg_roles WHERE rolname = $1`;

/** `postgresql:index/role:Role`: everything updates in place, the name too. */
export const role: Resource<PostgresServer> = {
  type: "postgresql:index/role:Role",
  deleteBeforeReplace: "when named",
  schema: {
    name: string({ autoName: true }),
    login: boolean({ default: false }),
    password: string({ secret: true }),
    connectionLimit: integer({ default: -1 }),
    superuser: boolean({ default: false }),
    roles: set(string()),
    statementTimeout: integer(),
    idleInTransactionSessionTimeout: integer(),
    validUntil: string({ default: "infinity" }),
    inherit: boolean({ default: true }),
    encryptedPassword: boolean({ default: true }),
    skipReassignOwned: boolean({ default: false }),
    skipDropRole: output(boolean(), false),
    assumeRole: output(),
    bypassRowLevelSecurity: output(boolean()),
    createDatabase: output(boolean()),
    createRole: output(boolean()),
    encrypted: output(string(), null),
    passwordWo: { ...output(string(), null), secret: true },
    passwordWoVersion: output(string(), null),
    replication: output(boolean()),
    searchPaths: output(list(string())),
  },

  async create(server, { planned }) {
    const name = textOf(planned, "name");
    await server.transaction("", async (session) => {
      await stating(`error creating role ${name}`, () =>
        session.execute(`CREATE ROLE ${identifier(name)} WITH ${attributesOf(planned).join(" ")}`),
      );
      for (const granted of textsOf(planned, "roles")) await grantRole(session, granted, name);
      await setTimeouts(session, planned, new Set(timeoutNames.filter((key) => numberOf(planned, key) > 0)));
    });
    return readAfterChange(server, planned);
  },

  async read(server, id, outputs) {
    const row = await readRow(server, textOf(outputs, "name") || id);
    return row && { id, outputs: outputsOf(row, outputs) };
  },

  async update(server, { old, planned, changed }) {
    const name = textOf(planned, "name");
    await server.transaction("", async (session) => {
      if (changed.has("name")) {
        await stating("Error updating role NAME", () =>
          session.execute(`ALTER ROLE ${identifier(textOf(old, "name"))} RENAME TO ${identifier(name)}`),
        );
      }
      const attributes = attributesOf(planned, changed);
      if (attributes.length > 0) {
        await stating(`error altering role ${name}`, () =>
          session.execute(`ALTER ROLE ${identifier(name)} WITH ${attributes.join(" ")}`),
        );
      }
      if (changed.has("roles"))
        await replaceRoles(session, name, textsOf(old, "roles"), textsOf(planned, "roles"));
      await setTimeouts(session, planned, changed);
    });
    return (await readAfterChange(server, planned)).outputs;
  },

  async delete(server, { outputs }) {
    const name = textOf(outputs, "name");
    if (!(await readRow(server, name))) return;
    await server.transaction("", async (session) => {
      if (!flagOf(outputs, "skipReassignOwned")) await giveAwayOwned(session, name, server.settings.username);
      await stating(`could not delete role ${name}`, () => session.execute(`DROP ROLE ${identifier(name)}`));
    });
  },
};

const timeoutNames = Object.keys(TIMEOUTS) as (keyof typeof TIMEOUTS)[];

async function setTimeouts(session: Session, planned: PropertyMap, only: ReadonlySet<string>): Promise<void> {
  const name = identifier(textOf(planned, "name"));
  for (const key of timeoutNames.filter((timeout) => only.has(timeout))) {
    const milliseconds = numberOf(planned, key);
    const change = milliseconds > 0 ? `SET ${TIMEOUTS[key]} TO ${milliseconds}` : `RESET ${TIMEOUTS[key]}`;
    await stating(`could not set ${TIMEOUTS[key]}`, () => session.execute(`ALTER ROLE ${name} ${change}`));
  }
}

async function replaceRoles(
  session: Session,
  name: string,
  before: readonly string[],
  after: readonly string[],
): Promise<void> {
  for (const lost of before.filter((member) => !after.includes(member))) {
    await stating(`could not revoke role ${lost} from ${name}`, () =>
      session.execute(`REVOKE ${identifier(lost)} FROM ${identifier(name)}`),
    );
  }
  for (const gained of after.filter((member) => !before.includes(member))) {
    await grantRole(session, gained, name);
  }
}

function grantRole(session: Session, granted: string, name: string): Promise<void> {
  return stating(`could not grant role ${granted} to ${name}`, () =>
    session.execute(`GRANT ${identifier(granted)} TO ${identifier(name)}`),
  );
}

/** Only in the provider's own database: what the role owns elsewhere keeps it from being dropped. */
async function giveAwayOwned(session: Session, name: string, heir: string): Promise<void> {
  await stating(`could not reassign owned by role ${name} to ${heir}`, () =>
    session.execute(`REASSIGN OWNED BY ${identifier(name)} TO ${identifier(heir)}`),
  );
  await stating(`could not drop owned by role ${name}`, () =>
    session.execute(`DROP OWNED BY ${identifier(name)}`),
  );
}

async function readRow(server: PostgresServer, name: string): Promise<RoleRow | undefined> {
  const rows = await server.session("", (session) =>
    stating("Error reading ROLE", () => session.rows<RoleRow>(READ_ROLE, [name])),
  );
  return rows[0];
}

async function readAfterChange(server: PostgresServer, planned: PropertyMap) {
  const name = textOf(planned, "name");
  const row = await readRow(server, name);
  if (!row) throw new Error(`role ${name} is gone right after it was written`);
  return { id: name, outputs: outputsOf(row, planned) };
}

/** The password stays as it is known: the server keeps only a hash that cannot be compared. */
function outputsOf(row: RoleRow, known: PropertyMap): PropertyMap {
  return {
    ...known,
    ...settingsOf(row.config),
    id: row.name,
    name: row.name,
    bypassRowLevelSecurity: row.bypassrls,
    connectionLimit: row.connlimit,
    createDatabase: row.createdb,
    createRole: row.createrole,
    encryptedPassword: true,
    inherit: row.inherit,
    login: row.login,
    replication: row.replication,
    roles: [...row.members],
    superuser: row.superuser,
    validUntil: row.validuntil,
  };
}
