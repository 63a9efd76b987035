import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import { cacheHome } from "../../offline/cache/cache-folders.ts";
import type { PulumiCli } from "./pulumi-cli.ts";
import { isAnyReachable } from "./reachability.ts";
import type { Reporter } from "./reporter.ts";

/** A provider plugin that the program needs. */
export interface PluginVersion {
  readonly name: string;
  readonly version: string;
}

/** Where the CLI fetches plugins from. */
const DOWNLOAD_SITES = ["https://get.pulumi.com/releases/plugins/", "https://github.com/pulumi/"];
const DOWNLOAD_PATIENCE_MILLISECONDS = 300_000;

const PACKAGE_FILE = join(import.meta.dirname, "../../package.json");

const packageSchema = z.object({
  dependencies: z.object({
    "@pulumi/docker": z.string(),
    "@pulumi/postgresql": z.string(),
    "@pulumi/random": z.string(),
  }),
});

/** The plugins of exactly the SDK versions that package.json pins. */
export async function wantedPlugins(): Promise<readonly PluginVersion[]> {
  const { dependencies } = packageSchema.parse(JSON.parse(await readFile(PACKAGE_FILE, "utf8")));
  return Object.entries(dependencies).map(([sdk, version]) => ({
    name: sdk.replace("@pulumi/", ""),
    version,
  }));
}

/** Whether Pulumi has the official plugin. */
export function isInstalled({ name, version }: PluginVersion): boolean {
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const folder = join(home, "plugins", `resource-${name}-v${version}`);
  return existsSync(join(folder, `pulumi-resource-${name}`)) && !existsSync(`${folder}.partial`);
}

/** Folder whose executables stand in for official plugins. */
export function standInFolder(): string {
  return join(cacheHome(), "stand-ins");
}

/** Gets the official plugins where they can be had. Returns those that need a stand-in. */
export async function providePlugins(cli: PulumiCli, reporter: Reporter): Promise<readonly PluginVersion[]> {
  const missing = (await wantedPlugins()).filter((plugin) => !isInstalled(plugin));
  if (missing.length === 0) return [];
  return reporter.step("Pulumi plugins", async ({ report, warn }) => {
    report("asking the download sites");
    if (await isAnyReachable(DOWNLOAD_SITES)) {
      for (const plugin of missing) {
        report(`downloading ${plugin.name} ${plugin.version}`);
        await download(cli, plugin).catch((error: Error) => warn(error.message));
      }
    }
    const absent = missing.filter((plugin) => !isInstalled(plugin));
    if (absent.length > 0) {
      report("building stand-ins");
      await buildStandIns(absent);
    }
    return absent;
  });
}

async function download(cli: PulumiCli, { name, version }: PluginVersion): Promise<void> {
  const options = { timeout: DOWNLOAD_PATIENCE_MILLISECONDS };
  await promisify(execFile)(cli.command, ["plugin", "install", "resource", name, version], options).catch(
    (error: Error & { readonly stderr?: string }) => {
      const cause = (error.stderr ?? error.message).trim().split("\n").at(-1);
      throw new Error(`the official ${name} plugin could not be downloaded: ${cause}`);
    },
  );
}

/**
 * An executable on PATH is used before an installed plugin, so the folder on PATH gets those that are missing and
 * no others.
 */
async function buildStandIns(plugins: readonly PluginVersion[]): Promise<void> {
  const { buildProviders } = await import("../../offline/providers/build.ts");
  const built = join(cacheHome(), "providers");
  await buildProviders(built);
  await rm(standInFolder(), { recursive: true, force: true });
  await mkdir(standInFolder(), { recursive: true });
  for (const { name } of plugins) {
    const executable = `pulumi-resource-${name}`;
    await symlink(join(built, executable), join(standInFolder(), executable));
  }
}
