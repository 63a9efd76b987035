import { relative } from "node:path";
import { text as readAll } from "node:stream/consumers";
import { UserError } from "../../components/core/errors.ts";
import { parseConfig } from "../../stacks/config/load.ts";
import { readFacts } from "../pulumi/facts.ts";
import { prepareStack } from "../pulumi/stack.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { askSecret, isInteractive } from "../ui/ask.ts";
import { MARKS, say } from "../ui/say.ts";

/** Encrypts a secret into the stack's committed file. Returns the exit code. */
export async function setSecret(name: string, { stack }: { readonly stack: string }): Promise<number> {
  const workspace = await openWorkspace(stack);
  const value = isInteractive()
    ? await askSecret(`Value of ${name}`)
    : (await readAll(process.stdin)).trimEnd();
  assertAllowed(name, value);
  const { engine } = await prepareStack(workspace, await prepareToolchain(), await readFacts(workspace));
  const file = workspace.committedStackFile;
  const key = `${workspace.project}:secrets.${name}`;
  // Over the standard input: arguments are in the process list.
  await engine.runQuietly(
    ["config", "set", "--secret", "--path", key, "--config-file", file, ...engine.stackFlag],
    value,
  );
  say(
    `${MARKS.done} ${name} is encrypted in ${relative(workspace.root, file)} with the passphrase in ` +
      `${relative(workspace.root, workspace.passphraseFile)}, without which nobody can read it; \`npm run up\` hands it over`,
  );
  return 0;
}

/** Says what `up` would say of the name or the value, before it is written down. */
function assertAllowed(name: string, value: string): void {
  if (value === "") throw new UserError(`${name}: the value is empty; type it, or pipe it into this command`);
  parseConfig({ secrets: { [name]: value } });
}
