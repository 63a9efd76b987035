import { setTimeout as sleep } from "node:timers/promises";
import { fetchAnyCertificate } from "./any-certificate.ts";
import { CheckFailure } from "./check.ts";

const TIMEOUT_MILLISECONDS = 10_000;
const PAUSE_MILLISECONDS = 500;
const TOO_MANY_REQUESTS = 429;
const UNAVAILABLE = 503;
const NOT_FOUND = 404;

/** The limit lets a request through again every 0.6 to 2 seconds; other checks may stand in the queue, too. */
const PATIENCE_SECONDS = 45;

/** A route appears some seconds after its container has become healthy; until then the gateway answers 503. */
const ROUTE_SECONDS = 30;

/** One request as a client sends it. */
export async function request(url: string, init: RequestInit = {}): Promise<Response> {
  try {
    const send = url.startsWith("https:") ? fetchAnyCertificate : fetch;
    return await send(url, { ...init, signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS) });
  } catch (error) {
    const cause = (error as Error).cause;
    throw new CheckFailure(
      `${url} does not answer: ${cause instanceof Error ? cause.message : (error as Error).message}`,
    );
  }
}

/** A request that has patience with the rate limit: somebody, or the last verification, may have used it up. */
export async function patientRequest(url: string, init: RequestInit = {}): Promise<Response> {
  const response = await repeatWhile([TOO_MANY_REQUESTS], PATIENCE_SECONDS, async () => request(url, init));
  if (response.status !== TOO_MANY_REQUESTS) return response;
  await response.body?.cancel();
  throw new CheckFailure(
    `${url} answers 429 for ${PATIENCE_SECONDS} seconds: somebody else uses up the rate limit`,
  );
}

/** A patient request to a stage, that waits for its route as well. */
export async function routedRequest(url: string, init: RequestInit = {}): Promise<Response> {
  return repeatWhile([UNAVAILABLE], ROUTE_SECONDS, async () => patientRequest(url, init));
}

/** The same for a path that the stage is sure to have: outside `/api/v1/` the gateway answers 404 until the route appears. */
export async function routedHealth(url: string): Promise<Response> {
  return repeatWhile([UNAVAILABLE, NOT_FOUND], ROUTE_SECONDS, async () => patientRequest(url));
}

async function repeatWhile(
  statuses: readonly number[],
  seconds: number,
  attempt: () => Promise<Response>,
): Promise<Response> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const response = await attempt();
    if (!statuses.includes(response.status) || Date.now() > deadline) return response;
    await response.body?.cancel();
    await sleep(PAUSE_MILLISECONDS);
  }
}

/** The status of each of many requests, one after the other. */
export async function statusesOf(url: string, count: number): Promise<number[]> {
  const statuses: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const response = await request(url);
    await response.body?.cancel();
    statuses.push(response.status);
  }
  return statuses;
}
