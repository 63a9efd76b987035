import { messageOf } from "../bridge/errors.ts";

interface DaemonError extends Error {
  readonly statusCode: number;
  readonly json?: { readonly message?: string };
}

function isDaemonError(error: unknown): error is DaemonError {
  return error instanceof Error && "statusCode" in error && typeof error.statusCode === "number";
}

/** The daemon's own sentence, in the words the Docker tools use for it. */
export function daemonMessage(error: unknown): string {
  if (isDaemonError(error)) return `Error response from daemon: ${error.json?.message ?? error.message}`;
  const isUnreachable =
    error instanceof Error &&
    "code" in error &&
    ["ENOENT", "ECONNREFUSED", "EACCES", "ENOTFOUND"].includes(String(error.code));
  if (isUnreachable) {
    return `Cannot connect to the Docker daemon. Is the docker daemon running? (${messageOf(error)})`;
  }
  return messageOf(error);
}

export function isNotFound(error: unknown): boolean {
  return isDaemonError(error) && error.statusCode === 404;
}

/** Runs a call to the daemon; a failure says what was being done. */
export async function asking<Result>(failure: string, call: () => Promise<Result>): Promise<Result> {
  try {
    return await call();
  } catch (error) {
    throw new Error(`${failure}: ${daemonMessage(error)}`, { cause: error });
  }
}

/** Runs a call to the daemon; undefined when the thing is not there. */
export async function finding<Result>(
  failure: string,
  call: () => Promise<Result>,
): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw new Error(`${failure}: ${daemonMessage(error)}`, { cause: error });
  }
}
