import { UserError } from "../../components/core/errors.ts";
import { assertDockerAnswers, connectDocker } from "../docker/engine.ts";
import { serviceRows } from "../docker/service-state.ts";
import { platformOutputs } from "../pulumi/outputs.ts";
import { readState } from "../pulumi/state.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { say } from "../ui/say.ts";
import { isUp, serviceTable } from "../ui/service-table.ts";

export interface StatusOptions {
  readonly stack: string;
  readonly json?: true;
}

/** Shows every service with its state and URL. Returns 1 when one of them is not up. */
export async function status({ stack, json }: StatusOptions): Promise<number> {
  const workspace = await openWorkspace(stack);
  const outputs = platformOutputs(await readState(workspace));
  if (outputs === undefined) {
    throw new UserError(`the stack "${stack}" was not brought up from here yet: run \`npm run up\` first`);
  }
  const docker = connectDocker();
  await assertDockerAnswers(docker);
  const rows = await serviceRows(docker, outputs.services);
  say(json === true ? JSON.stringify(rows, undefined, 2) : serviceTable(rows));
  return rows.every(({ state }) => isUp(state)) ? 0 : 1;
}
