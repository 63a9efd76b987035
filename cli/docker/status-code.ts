/** Whether Docker refused a request with this HTTP status. */
export function hasStatusCode(error: unknown, code: number): boolean {
  return error instanceof Error && "statusCode" in error && error.statusCode === code;
}

/** Docker's answer to a request for what is not there. */
export const NOT_FOUND = 404;
/** Docker's answer to a request that changes nothing, such as stopping a stopped container. */
export const NOT_MODIFIED = 304;
