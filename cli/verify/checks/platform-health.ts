import { type Check, CheckFailure, expectThat, type Finding } from "../check.ts";
import type { VerifyContext } from "../context.ts";
import { request } from "../gateway.ts";
import { eventually } from "../patience.ts";
import { healthBody, parseJson } from "./gateway.ts";

/** What the gateway answers with was seen some seconds ago. */
const SEEN_SECONDS = 30;

/**
 * The gateway's `/health` answers for the platform and each stage that runs (`004-042`). Nothing where a single stage is
 * looked at: it is not its matter.
 */
export function platformHealthChecks({ outputs }: VerifyContext): Check[] {
  const isWhole = outputs.services.some(({ service, stage }) => stage === undefined && service === "traefik");
  if (!isWhole) return [];
  const url = `${outputs.urls.gateway}/health`;
  const stages = outputs.stages.map(({ project }) => project);
  return [
    {
      name: "the gateway's /health finds the platform and every stage well",
      source: "004-042",
      remedy: `see which check fails with \`curl ${url}\`, and \`docker logs storytelling-platform-health\``,
      run: () => eventually(SEEN_SECONDS, () => askHealth(url, stages)),
    },
  ];
}

async function askHealth(url: string, stages: readonly string[]): Promise<Finding> {
  const response = await request(url);
  const text = await response.text();
  expectThat(response.status === 200, `${url} answers ${response.status}: ${text.slice(0, 500)}`);
  const { data } = healthBody.safeParse(parseJson(text));
  if (data === undefined) throw new CheckFailure(`the body is not as agreed: ${text.slice(0, 300)}`);
  const missing = stages.filter((stage) => data.checks[stage] === undefined);
  expectThat(missing.length === 0, `it knows nothing of ${missing.join(", ")}`);
  return { detail: `200, ${Object.keys(data.checks).length} checks` };
}
