import { openWorkspace } from "../pulumi/workspace.ts";
import { createStage } from "../scaffold/new-stage.ts";
import { MARKS, say } from "../ui/say.ts";

export interface NewOptions {
  readonly stack: string;
  readonly withApplication?: string;
  readonly force?: true;
}

/** Writes the definition of a stage and names it in the catalogue. Returns the exit code. */
export async function newStage(
  number: string,
  name: string,
  { stack, withApplication, force }: NewOptions,
): Promise<number> {
  const { root } = await openWorkspace(stack);
  const { written, replaced } = await createStage(root, {
    number: Number(number),
    name,
    force: force === true,
    ...(withApplication === undefined ? {} : { application: withApplication }),
  });
  for (const path of written) say(`${MARKS.done} ${path}`);
  if (replaced !== undefined) {
    say(
      `${MARKS.warning} it takes the place of ${replaced}, which the catalogue names no more: remove the file`,
    );
  }
  say(`
Next:
  1. attach the stage in Pulumi.${stack}.yaml, among storytelling:stages:  ${name}: {}
  2. see what it makes:  npm run preview
  3. bring it up:        npm run up`);
  return 0;
}
