import type Docker from "dockerode";
import type { Owner } from "../docker/ownership.ts";
import { MARKS, note } from "../ui/say.ts";
import { diagnose } from "./diagnose.ts";

/** Tells what can be said about a `pulumi up` that failed, and by which command it goes on. Returns its exit code. */
export async function explainFailure(
  { docker, workspace }: { readonly docker: Docker; readonly workspace: Owner },
  exitCode: number,
  remedy = "npm run up",
): Promise<number> {
  const failures = await diagnose(docker, workspace);
  for (const failure of failures) note(`\n${failure}`);
  note(
    `\n${MARKS.failed} \`pulumi up\` failed. Correct the cause above and run \`${remedy}\` again: it goes on from here.`,
  );
  return exitCode;
}
