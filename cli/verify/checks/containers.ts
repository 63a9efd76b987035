import type { ServiceSummary } from "../../../stacks/outputs.ts";
import { serviceRows } from "../../docker/service-state.ts";
import { isUp } from "../../ui/service-table.ts";
import { type Check, CheckFailure, expectThat } from "../check.ts";
import { containerOf, type VerifyContext } from "../context.ts";
import { eventually } from "../patience.ts";

/** A container that was just started needs its start period. */
const READY_SECONDS = 60;

/** Every service runs under its reserved name and is healthy. */
export function serviceChecks(context: VerifyContext): Check[] {
  return context.outputs.services.map((service) => ({
    name: `${label(service)} runs as ${service.container} and is healthy`,
    remedy: `see why with \`docker logs ${service.container}\`, then run \`npm run up\``,
    run: async () => ({ detail: await eventually(READY_SECONDS, () => stateOf(context, service)) }),
  }));
}

async function stateOf({ docker }: VerifyContext, service: ServiceSummary): Promise<string> {
  const [row] = await serviceRows(docker, [service]);
  const state = row?.state ?? "missing";
  if (!isUp(state)) throw new CheckFailure(`it is ${state}`);
  return state;
}

function label({ service, stage }: ServiceSummary): string {
  return stage === undefined ? service : `stage ${stage} ${service}`;
}

/** Every container has limits (`000-054`). */
export function limitsCheck(context: VerifyContext): Check {
  const names = context.outputs.services.map(({ container }) => container);
  return {
    name: "every container has a CPU and a memory limit",
    source: "000-054",
    remedy: "run `npm run up`: it sets changed limits back",
    run: async () => {
      const unlimited = names.filter((name) => {
        const { memory, nanoCpus } = containerOf(context, name);
        return memory === 0 || nanoCpus === 0;
      });
      expectThat(unlimited.length === 0, `without a limit: ${unlimited.join(", ")}`);
      return { detail: `${names.length} containers` };
    },
  };
}

/** Every container has limits, and no stage publishes a port (`000-010`, C-01). */
export function hygieneChecks(context: VerifyContext): Check[] {
  return [
    limitsCheck(context),
    {
      name: "no stage publishes a port of the host",
      source: "C-01",
      remedy: "remove the container and run `npm run up`: the program publishes none",
      run: async () => {
        const stages = new Set(context.outputs.stages.flatMap(({ containers }) => containers));
        const running = await context.docker.listContainers();
        const published = running.filter(
          ({ Names, Ports }) =>
            stages.has(Names[0]?.slice(1) ?? "") && Ports.some(({ PublicPort }) => PublicPort > 0),
        );
        expectThat(
          published.length === 0,
          `published by ${published.map(({ Names }) => Names[0]?.slice(1)).join(", ")}`,
        );
        return { detail: `${stages.size} containers` };
      },
    },
  ];
}
