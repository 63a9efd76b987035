import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { StageSummary } from "../../../stacks/outputs.ts";
import { type Check, CheckFailure, expectThat, type Finding } from "../check.ts";
import { run, type VerifyContext } from "../context.ts";
import { patientRequest, routedHealth, routedRequest, statusesOf } from "../gateway.ts";

const REQUEST_ID = "X-Request-Id";
const TOO_MANY_REQUESTS = 429;

/** The body of `/health` (`000-101`, `000-102`); `ok`, `ready` and `degraded` are other services' words (C-11). */
export const healthBody = z.object({
  status: z.enum(["healthy", "ok", "ready", "degraded"]),
  service: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  checks: z.record(z.string(), z.string()),
});

/** A stage as clients reach it: the sources' test 4. */
export function gatewayChecks(context: VerifyContext, stage: StageSummary): Check[] {
  return [
    directHealth(context, stage),
    healthThroughGateway(stage),
    echoedRequestId(stage),
    ...stage.internalServices.map((service) => hiddenService(context, stage, service.name)),
  ];
}

function directHealth(context: VerifyContext, { name, orchestrator }: StageSummary): Check {
  return {
    name: `${name}: health inside the container`,
    source: "000-132",
    remedy: `see \`docker logs ${orchestrator}\``,
    run: async () => {
      await run(context, orchestrator, ["curl", "-f", "-sS", "http://localhost:8000/health"]);
      return { detail: "200" };
    },
  };
}

/** Health through the gateway is 200, has a request id that the gateway made, and the body of the sources. */
export function healthThroughGateway(stage: StageSummary): Check {
  const { name, healthUrl, project, orchestrator, isApi, isOpen } = stage;
  return {
    name: `${name}: health through the gateway`,
    source: "000-141",
    remedy: `see \`docker logs ${orchestrator}\` and \`docker logs storytelling-traefik\``,
    run: async () => {
      const response = await routedHealth(healthUrl);
      const text = await response.text();
      // Behind authentication or with its prefix kept, that the stage is asked is all that can be seen from here.
      const isAnswered = isOpen ? response.status === 200 : response.status < 500;
      expectThat(isAnswered, `${healthUrl} answers ${response.status}: ${text.slice(0, 300)}`);
      const requestId = response.headers.get(REQUEST_ID);
      expectThat(requestId !== null && requestId !== "", `the answer has no ${REQUEST_ID}`);
      return isApi && isOpen ? assessBody(text, project) : { detail: String(response.status) };
    },
  };
}

/** Judges the body of a health answer. Throws a CheckFailure when it is not the one of the sources. */
export function assessBody(text: string, project: string): Finding {
  const { data, error } = healthBody.safeParse(parseJson(text));
  if (error !== undefined) throw new CheckFailure(`the body is not as agreed: ${z.prettifyError(error)}`);
  expectThat(data.service === project, `the body says service ${data.service} instead of ${project}`);
  if (data.status !== "degraded") return { detail: `200, ${data.status}` };
  return { detail: `200, degraded: ${JSON.stringify(data.checks)}`, warning: true };
}

/** The value of a text that should be JSON, or the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function echoedRequestId({ name, healthUrl }: StageSummary): Check {
  return {
    name: `${name}: a client's request id comes back`,
    source: "C-21",
    remedy: "see that the middleware request-id is loaded: `docker logs storytelling-traefik`",
    run: async () => {
      const id = `verify-${randomUUID()}`;
      const response = await routedRequest(healthUrl, { headers: { [REQUEST_ID]: id } });
      await response.body?.cancel();
      const echoed = response.headers.get(REQUEST_ID);
      expectThat(echoed === id, `sent ${id} and got ${echoed ?? "none"}`);
      return { detail: id };
    },
  };
}

function hiddenService({ outputs }: VerifyContext, { name }: StageSummary, service: string): Check {
  const url = `${outputs.urls.gateway}/api/v1/${service}/health`;
  return {
    name: `${name}: the internal service ${service} has no route`,
    source: "000-152",
    remedy: "take the traefik labels off the service's container",
    run: async () => {
      const response = await patientRequest(url);
      await response.body?.cancel();
      expectThat(response.status >= 400, `${url} answers ${response.status}`);
      return { detail: `${response.status}` };
    },
  };
}

/** The loop of the sources. It uses up the limit of this client's address, so it comes last. */
export function rateLimitCheck({ name, healthUrl }: StageSummary): Check {
  const count = 200;
  return {
    name: `${name}: ${count} requests in a row meet the rate limit`,
    source: "000-142",
    remedy:
      "see the middleware rate-limit: `docker exec storytelling-traefik cat /etc/traefik/dynamic/dynamic.yml`",
    disturbing: true,
    run: async () => {
      const statuses = await statusesOf(healthUrl, count);
      const first = statuses.indexOf(TOO_MANY_REQUESTS);
      expectThat(first !== -1, `${count} requests and no 429, the last answer was ${statuses.at(-1)}`);
      return { detail: `429 after ${first} requests` };
    },
  };
}
