import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../components/core/errors.ts";
import { prepareHost } from "../prepare.ts";
import { openWorkspace, type Workspace } from "../pulumi/workspace.ts";
import { prepareToolchain } from "../setup/toolchain.ts";
import { selectSuites, suiteCatalog } from "../suites/catalog.ts";
import { failSuite, runSuite } from "../suites/run-suite.ts";
import { type Suite, type SuiteResult, totalLine } from "../suites/suite.ts";
import { say } from "../ui/say.ts";

export interface TestOptions {
  readonly stack: string;
  readonly only?: string;
}

/** Runs the suites one after the other, all of them whatever happens. The last line is the sum. */
export async function test({ stack, only }: TestOptions): Promise<number> {
  const workspace = await openWorkspace(stack);
  const reports = join(workspace.backend, "test");
  const suites = selectSuites(suiteCatalog(reports), only);
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });

  const host = new Host(workspace);
  const results: SuiteResult[] = [];
  for (const suite of suites) results.push(await runWithSetUp(workspace, suite, host));
  say(totalLine(results));
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

async function runWithSetUp({ root }: Workspace, suite: Suite, host: Host): Promise<SuiteResult> {
  if (suite.needsHost !== true) return runSuite(root, suite, {});
  try {
    return await runSuite(root, suite, await host.prepare());
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return failSuite(suite, error.message);
  }
}

/** Pulumi, Docker and the images, got when the first suite needs them. */
class Host {
  readonly #workspace: Workspace;
  #env: Promise<Readonly<Record<string, string>>> | undefined;

  public constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** The variables under which the suites find it all. */
  public async prepare(): Promise<Readonly<Record<string, string>>> {
    this.#env ??= this.#setUp();
    return this.#env;
  }

  async #setUp(): Promise<Readonly<Record<string, string>>> {
    const { env } = await prepareToolchain();
    await prepareHost(this.#workspace, {});
    return env;
  }
}
