import { execFile } from "node:child_process";
import { link, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { ArtifactCache } from "../../offline/cache/artifact-cache.ts";
import { cacheHome, programHome } from "../../offline/cache/cache-folders.ts";
import { provideGoProgram } from "../../offline/go/go-program.ts";
import type { GoProgramName } from "../../offline/go/recipes.ts";
import { findProgram } from "./programs-on-path.ts";
import { isReachable } from "./reachability.ts";
import type { Reporter } from "./reporter.ts";
import { ensureSystemProgram, XZ } from "./system-packages.ts";

/** The oldest CLI that this program is tried with. */
export const MINIMUM_PULUMI = "3.259.0";

const REPOSITORY = join(import.meta.dirname, "../..");

const INSTALLER = "https://get.pulumi.com/install.sh";

/** A Pulumi CLI and its language host. */
export interface PulumiCli {
  /** The executable. */
  readonly command: string;
  /** Folders that must be on PATH for it. */
  readonly folders: readonly string[];
  /** Folder, from the root of the repository, of the policy pack in the form that its language host can start. */
  readonly policyPack: string;
}

/** The rules themselves. */
const POLICY_PACK = "policy";
/** A way to them that needs nothing of the language host. */
const LAUNCHED_POLICY_PACK = "offline/policy";

/** Finds a CLI that is new enough, on PATH or installed here earlier; else gets one: the official one if it can be had. */
export async function providePulumi(reporter: Reporter): Promise<PulumiCli> {
  return (
    (await installedPulumi(reporter)) ?? (await downloadPulumi(reporter)) ?? (await compilePulumi(reporter))
  );
}

/** Whether a version, with or without its `v`, is the minimum or later. Any other text is no version. */
export function isNewEnough(version: string, minimum: string = MINIMUM_PULUMI): boolean {
  const number = /^v?(\d.*)$/.exec(version)?.[1];
  return number !== undefined && number.localeCompare(minimum, "en", { numeric: true }) >= 0;
}

async function installedPulumi(reporter: Reporter): Promise<PulumiCli | undefined> {
  for (const command of [
    await findProgram("pulumi"),
    await findProgram("pulumi", join(officialRoot(), "bin")),
  ]) {
    if (command === undefined) continue;
    const version = await versionOf(command);
    if (isNewEnough(version)) return installed(command);
    reporter.notice(`${command} is not used: it is ${version}, and ${MINIMUM_PULUMI} or later is needed`);
  }
  return undefined;
}

async function versionOf(command: string): Promise<string> {
  const answer = promisify(execFile)(command, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
  });
  return answer.then(
    ({ stdout }) => stdout.trim(),
    (error: Error) => `broken (${error.message.split("\n")[0]})`,
  );
}

/** Where the official installer puts the CLI. */
function officialRoot(): string {
  return join(cacheHome(), "pulumi");
}

async function downloadPulumi(reporter: Reporter): Promise<PulumiCli | undefined> {
  return reporter.step("Pulumi CLI: official installer", async ({ report, warn }) => {
    report(`asking ${INSTALLER}`);
    if (!(await isReachable(INSTALLER))) {
      warn("the Pulumi download site is out of reach: the CLI comes from its Go modules instead");
      return undefined;
    }
    report("installing");
    try {
      const { PulumiCommand } = await import("@pulumi/pulumi/automation/index.js");
      const { command } = await PulumiCommand.install({ root: officialRoot() });
      return installed(command);
    } catch (error) {
      const [cause] = (error as Error).message.split("\n");
      warn(`the official Pulumi installer failed (${cause}): the CLI comes from its Go modules instead`);
      return undefined;
    }
  });
}

async function compilePulumi(reporter: Reporter): Promise<PulumiCli> {
  const command = await compile("pulumi", reporter);
  const languageHost = await compile("pulumi-language-nodejs", reporter);
  await putBeside(command, languageHost);
  return compiled(command);
}

/** The newest published language host starts programs and no policy packs. */
function compiled(command: string): PulumiCli {
  const policyPack = LAUNCHED_POLICY_PACK;
  return { command, folders: [dirname(command), join(REPOSITORY, policyPack)], policyPack };
}

/** One on PATH may be ours as well, where a run of the CLI starts another. */
function installed(command: string): PulumiCli {
  if (command.startsWith(programHome())) return compiled(command);
  return { command, folders: [dirname(command)], policyPack: POLICY_PACK };
}

/** The CLI expects its language host beside itself: about one found on PATH it warns at every run. */
async function putBeside(command: string, languageHost: string): Promise<void> {
  const place = join(dirname(command), basename(languageHost));
  await rm(place, { force: true });
  await link(languageHost, place);
}

async function compile(name: GoProgramName, reporter: Reporter): Promise<string> {
  return reporter.step(`${name} from the cache or its Go modules`, async ({ report, warn }) => {
    await ensureSystemProgram(XZ, report);
    return provideGoProgram(name, new ArtifactCache(warn), report);
  });
}
