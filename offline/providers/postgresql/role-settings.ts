import type { PropertyMap } from "../bridge/values.ts";

/** A role's configuration parameters that are properties of the resource, in milliseconds. */
export const TIMEOUTS = {
  statementTimeout: "statement_timeout",
  idleInTransactionSessionTimeout: "idle_in_transaction_session_timeout",
} as const;

/** Reads `name=value` lines of `pg_roles.rolconfig`. */
export function settingsOf(configuration: readonly string[] | null): PropertyMap {
  const valueOf = (parameter: string): string => {
    const line = (configuration ?? []).find((entry) => entry.startsWith(`${parameter}=`));
    return line?.slice(parameter.length + 1) ?? "";
  };
  const searchPath = valueOf("search_path");
  return {
    assumeRole: valueOf("role"),
    searchPaths: searchPath === "" ? [] : searchPath.split(", ").map((part) => part.replaceAll('"', "")),
    statementTimeout: Number(valueOf(TIMEOUTS.statementTimeout)),
    idleInTransactionSessionTimeout: Number(valueOf(TIMEOUTS.idleInTransactionSessionTimeout)),
  };
}
