import type { Environment } from "./environment.ts";

const VARIABLE = "CONFIGURATION";

/**
 * A command that first writes a file from its own environment, for a container whose root is read-only: Docker copies no
 * file into it. The file's folder must be one in memory, and the image must have `sh`. Nothing secret belongs in it: the
 * environment is shown by `docker inspect`.
 */
export function writtenAtStart(
  file: { readonly path: string; readonly content: string },
  command: readonly string[],
): { readonly command: readonly string[]; readonly environment: Environment } {
  return {
    command: ["sh", "-c", `printf %s "$${VARIABLE}" > ${file.path} && exec "$@"`, "sh", ...command],
    environment: { [VARIABLE]: file.content },
  };
}
