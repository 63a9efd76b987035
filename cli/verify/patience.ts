import pRetry from "p-retry";

/** Repeats an attempt until it succeeds; after the given time its last failure is the result. */
export async function eventually<T>(seconds: number, attempt: () => Promise<T>): Promise<T> {
  return pRetry(attempt, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: seconds * 1000,
    minTimeout: 250,
    maxTimeout: 2000,
    factor: 1.5,
  });
}
