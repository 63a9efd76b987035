// pg has the same two functions, but importing it costs time that a preview need not spend.

/** A name, safe inside a statement. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text value, safe inside a statement that takes no parameters. */
export function literal(value: string): string {
  const quoted = `'${value.replaceAll("'", "''").replaceAll("\\", "\\\\")}'`;
  return value.includes("\\") ? ` E${quoted}` : quoted;
}

/** `PUBLIC` is a keyword, every other role a name. */
export function grantee(role: string): string {
  return role.toLowerCase() === "public" ? "PUBLIC" : identifier(role);
}
