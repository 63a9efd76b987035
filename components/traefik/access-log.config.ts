/** The request's id, in the spelling that Go gives to a header. */
export const REQUEST_ID_HEADER = "X-Request-Id";

/** Where the plugin puts the path of a request once it is answered, for the access log alone. */
export const LOGGED_PATH_HEADER = "X-Request-Path";

/**
 * The access log: one JSON object a line, with trace id and request id. Headers and query strings may hold secrets;
 * of the headers only the id is written, and of the address only the path, which Traefik itself would write with its
 * query (`004-042`).
 */
export function renderAccessLog(): object {
  return {
    format: "json",
    fields: {
      names: { RequestPath: "drop" },
      headers: {
        defaultMode: "drop",
        names: { [REQUEST_ID_HEADER]: "keep", [LOGGED_PATH_HEADER]: "keep" },
      },
    },
  };
}
