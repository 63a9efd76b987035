import { flagOf, numberOf, type PropertyMap, textOf } from "../bridge/values.ts";
import { literal } from "./quoting.ts";

/** Which properties the options of `CREATE ROLE` and `ALTER ROLE` come from. */
const ATTRIBUTES: Readonly<Record<string, (planned: PropertyMap) => string>> = {
  superuser: (planned) => (flagOf(planned, "superuser") ? "SUPERUSER" : "NOSUPERUSER"),
  inherit: (planned) => (flagOf(planned, "inherit") ? "INHERIT" : "NOINHERIT"),
  login: (planned) => (flagOf(planned, "login") ? "LOGIN" : "NOLOGIN"),
  connectionLimit: (planned) => `CONNECTION LIMIT ${numberOf(planned, "connectionLimit")}`,
  validUntil: (planned) => `VALID UNTIL ${literal(textOf(planned, "validUntil") || "infinity")}`,
  password: (planned) => {
    const password = textOf(planned, "password");
    return password === "" || password.toUpperCase() === "NULL"
      ? "PASSWORD NULL"
      : `ENCRYPTED PASSWORD ${literal(password)}`;
  },
};

/** The options for all properties, or for `only` these. */
export function attributesOf(planned: PropertyMap, only?: ReadonlySet<string>): readonly string[] {
  return Object.entries(ATTRIBUTES)
    .filter(([name]) => only?.has(name) ?? true)
    .map(([, render]) => render(planned));
}
