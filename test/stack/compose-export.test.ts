import { beforeAll, describe, expect, test } from "vitest";
import { interpolate } from "../../cli/compose/interpolation.ts";
import type { ComposeService } from "../../cli/compose/project.ts";
import { readProject } from "../../cli/compose/read.ts";
import { firstKey } from "../../cli/compose/service-keys.ts";
import { containerNames } from "../../components/stage/names.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import { exported } from "../support/compose.ts";
import { environmentOf, labelsOf } from "../support/labels.ts";
import type { RegisteredResource } from "../support/mocks.ts";
import { ofType, type ProgramRun, runProgram } from "./program.ts";

const PLATFORM_LABELS = /^(storytelling\.(project|stack|resource|spec)|com\.docker\.compose\.project)$/;

const SERVICES = STAGE_CATALOG.flatMap((stage) =>
  Object.keys(stage.services).map((name) => [stage.name, name, stage] as const),
);

describe("the exported service has what the program gives Docker", () => {
  let run: ProgramRun;
  beforeAll(async () => {
    const stages = Object.fromEntries(STAGE_CATALOG.map(({ name }) => [name, {}]));
    run = await runProgram({ config: { stages, limitScale: 1, host: { cpus: 64 } } });
  });

  /** The container of this name as the program asks for it. */
  function container(name: string | undefined): RegisteredResource {
    const found = ofType(run, "docker:index/container:Container").find(
      ({ inputs }) => inputs["name"] === name,
    );
    if (found === undefined) throw new Error(`the program makes no container ${name}`);
    return found;
  }

  test.each(SERVICES)("in stage %s: %s", async (_, name, stage) => {
    const { services } = readProject(await exported(stage), "export");
    const service = services[firstKey(stage, name)] as ComposeService;
    const made = container(containerNames(stage, name)[0]);

    expect(service.hostname).toBe(made.inputs["hostname"]);
    expect(service.command).toEqual(made.inputs["command"]);
    expect(withoutSecrets(service.environment ?? {})).toEqual(withoutSecrets(environmentOf(made)));
    expect(service.labels).toEqual(
      Object.fromEntries(Object.entries(labelsOf(made)).filter(([label]) => !PLATFORM_LABELS.test(label))),
    );
    expect(service.healthcheck?.test ?? []).toEqual(
      (made.inputs["healthcheck"] as { tests?: string[] } | undefined)?.tests ?? [],
    );
    expect(service.cap_drop).toEqual((made.inputs["capabilities"] as { drops: string[] }).drops);
    expect(service.security_opt).toEqual(made.inputs["securityOpts"]);
    expect(service.logging).toEqual({ driver: made.inputs["logDriver"], options: made.inputs["logOpts"] });
  });
});

/** Passwords are variables there and generated here. */
function withoutSecrets(environment: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(environment)
    .filter(([name]) => !name.endsWith("PASSWORD"))
    .map(([name, value]) => [name, interpolate(value).text.replace(/(:\/\/[^:/]+:)[^@]*@/, "$1@")] as const);
  return Object.fromEntries(entries);
}
