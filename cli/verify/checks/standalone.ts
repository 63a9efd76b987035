import type { StageSummary } from "../../../stacks/outputs.ts";
import { type Check, expectThat } from "../check.ts";
import type { VerifyContext } from "../context.ts";
import { request } from "../gateway.ts";
import { limitsCheck, serviceChecks } from "./containers.ts";
import { documentCheck } from "./document.ts";
import { assessBody } from "./gateway.ts";
import { ownStoreChecks } from "./stores.ts";

/** A stage that stands alone (`000-009`): what the platform's checks ask of it, without the platform. */
export function standaloneChecks(context: VerifyContext, quick: boolean): Check[] {
  const { stages } = context.outputs;
  const alive = [...serviceChecks(context), ...stages.map(publishedHealth)];
  if (quick) return alive;
  return [
    ...alive,
    limitsCheck(context),
    ...stages.flatMap((stage) => [
      ...ownStoreChecks(context, stage),
      ...(stage.processesDocuments ? [documentCheck(context, stage)] : []),
    ]),
  ];
}

function publishedHealth({ name, healthUrl, project, orchestrator, isApi }: StageSummary): Check {
  return {
    name: `${name}: health on its port of the host`,
    source: "000-009",
    remedy: `see \`docker logs ${orchestrator}\``,
    run: async () => {
      const response = await request(healthUrl);
      const text = await response.text();
      expectThat(response.status === 200, `${healthUrl} answers ${response.status}: ${text.slice(0, 300)}`);
      return isApi ? assessBody(text, project) : { detail: "200" };
    },
  };
}
