import { existsSync } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { hashFolder, hashParts } from "../../offline/folder-hash.ts";
import { type Memory, type RememberedToolchain, recall, remember } from "./memory.ts";
import { isInstalled, providePlugins, standInFolder, wantedPlugins } from "./plugins.ts";
import { findProgram } from "./programs-on-path.ts";
import { MINIMUM_PULUMI, providePulumi } from "./pulumi-cli.ts";
import { createReporter, type Reporter } from "./reporter.ts";

/** What runs the program on this machine. */
export interface Toolchain {
  /** The Pulumi CLI. */
  readonly pulumi: string;
  /** Variables under which it finds its language host, its plugins and Node. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of the providers that are stood in for. */
  readonly standIns: readonly string[];
  /** Folder of the policy pack, from the root of the repository. */
  readonly policyPack: string;
}

export interface ToolchainOptions {
  /** Tries the official ways again, also where an earlier run found them out of reach. */
  readonly checkOfficial?: boolean;
}

const REPOSITORY = join(import.meta.dirname, "../..");

/**
 * Makes sure that there is a Pulumi CLI with everything it needs to run the program. Costs milliseconds when an
 * earlier run has done it and nothing changed since.
 */
export async function prepareToolchain(
  reporter: Reporter = createReporter(),
  { checkOfficial = false }: ToolchainOptions = {},
): Promise<Toolchain> {
  const remembered = checkOfficial ? undefined : await stillTrue(await recall());
  const found = remembered ?? (await decide(reporter));
  if (found.standIns.length > 0) {
    reporter.notice(
      `stand-ins are used for the Pulumi plugins ${found.standIns.join(", ")}: the official ones cannot be downloaded here`,
    );
  }
  return toToolchain(found);
}

async function decide(reporter: Reporter): Promise<RememberedToolchain> {
  const cli = await providePulumi(reporter);
  const standIns = (await providePlugins(cli, reporter)).map(({ name }) => name);
  const toolchain = {
    command: cli.command,
    folders: [...cli.folders],
    policyPack: cli.policyPack,
    standIns,
    facts: await currentFacts(),
  };
  await remember({ toolchain });
  return toolchain;
}

async function stillTrue({ toolchain }: Memory): Promise<RememberedToolchain | undefined> {
  if (toolchain === undefined || !existsSync(toolchain.command)) return undefined;
  const standInsThere = toolchain.standIns.every((name) =>
    existsSync(join(standInFolder(), `pulumi-resource-${name}`)),
  );
  return standInsThere && toolchain.facts === (await currentFacts()) ? toolchain : undefined;
}

/** Whatever makes an earlier decision void when it changes: versions, a new CLI or plugin, the sources of stand-ins. */
async function currentFacts(): Promise<string> {
  const [plugins, pulumi, sources] = await Promise.all([
    wantedPlugins(),
    pulumiOnPath(),
    hashStandInSources(),
  ]);
  const installed = plugins.map((plugin) => `${plugin.name} ${plugin.version} ${isInstalled(plugin)}`);
  return [MINIMUM_PULUMI, pulumi, ...installed, sources, process.execPath, process.version].join("; ");
}

async function hashStandInSources(): Promise<string> {
  const [sources, libraries] = await Promise.all([
    hashFolder(join(REPOSITORY, "offline/providers")),
    readFile(join(REPOSITORY, "package-lock.json")),
  ]);
  return hashParts([sources, libraries]);
}

async function pulumiOnPath(): Promise<string> {
  const command = await findProgram("pulumi");
  return command === undefined ? "no pulumi on PATH" : `${command} of ${(await stat(command)).mtimeMs}`;
}

function toToolchain({ command, folders, standIns, policyPack }: RememberedToolchain): Toolchain {
  const path = [
    ...(standIns.length > 0 ? [standInFolder()] : []),
    ...folders,
    // The language host runs the program with the first `node` on PATH: it must be this one.
    dirname(process.execPath),
    process.env["PATH"] ?? "",
  ];
  return { pulumi: command, env: { PATH: path.join(delimiter) }, standIns, policyPack };
}
