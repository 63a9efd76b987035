import { UserError } from "../../components/core/errors.ts";
import { runProgram } from "../run-program.ts";

/**
 * Runs a Go command and hands over each line that it prints. Throws a UserError with its last lines when it fails.
 *
 * Settings of the machine that would change what is compiled are overruled; where modules come from is left to it.
 */
export async function runGo(
  folder: string,
  args: readonly string[],
  onLine: (line: string) => void,
): Promise<void> {
  const environment = { CGO_ENABLED: "0", GOFLAGS: "-mod=readonly -buildvcs=false", GOWORK: "off" };
  const { failed, missing, lastLines } = await runProgram("go", args, { folder, environment, onLine });
  if (missing) {
    throw new UserError(
      "Go is needed to compile what cannot be downloaded: install Go 1.26 or later (https://go.dev/doc/install)",
    );
  }
  if (!failed) return;
  throw new UserError(
    `\`go ${args[0]}\` failed in ${folder}:\n${lastLines}\n  Check that the Go module proxy answers (\`go env GOPROXY\`) and that Go is 1.26 or later (\`go version\`).`,
  );
}
