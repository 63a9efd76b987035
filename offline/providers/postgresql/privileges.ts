/** Object types that a grant can name, and what PostgreSQL's catalogues call them. */
export const OBJECT_CODES: Readonly<Record<string, string>> = {
  table: "r",
  sequence: "S",
  function: "f",
  type: "T",
  schema: "n",
};

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  database: ["ALL", "CREATE", "CONNECT", "TEMPORARY"],
  table: ["ALL", "SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN"],
  sequence: ["ALL", "USAGE", "SELECT", "UPDATE"],
  schema: ["ALL", "CREATE", "USAGE"],
  function: ["ALL", "EXECUTE"],
  type: ["ALL", "USAGE"],
};

/** Privileges go into statements as they are, so only known ones may. */
export function assertPrivileges(objectType: string, privileges: readonly string[]): void {
  const allowed = ALLOWED[objectType];
  if (!allowed) {
    const known = Object.keys(ALLOWED).join(", ");
    throw new Error(`object type "${objectType}" is not known to the stand-in plugin: use one of ${known}`);
  }
  for (const privilege of privileges) {
    if (!allowed.includes(privilege)) {
      throw new Error(
        `${privilege} is not an allowed privilege for object type ${objectType}: use ${allowed.join(", ")}`,
      );
    }
  }
}
