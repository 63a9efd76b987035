import type { StageSummary } from "../../../stacks/outputs.ts";
import { type Check, expectThat } from "../check.ts";
import { routedRequest } from "../gateway.ts";

/** A route that asks for a token lets nobody in without one. None for the other routes. */
export function identityChecks({ name, url, asksForToken }: StageSummary): Check[] {
  if (!asksForToken) return [];
  return [
    {
      name: `${name}: a request without a token is refused`,
      source: "003-042",
      remedy: "see `docker logs storytelling-traefik` and `docker logs storytelling-identity`",
      run: async () => {
        const response = await routedRequest(`${url}/`);
        await response.body?.cancel();
        expectThat(response.status === 401, `${url}/ answers ${response.status}`);
        return { detail: "401" };
      },
    },
  ];
}
