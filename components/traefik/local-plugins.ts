import { readFileSync } from "node:fs";
import type { ConfigFile } from "../core/config-file.ts";

/** A middleware of ours that Traefik interprets from its sources, in the folder of its name beside this file. */
export interface LocalPlugin {
  /** Name in the gateway's configuration. */
  readonly name: string;
  /** The Go module, as its `go.mod` says. */
  readonly module: string;
  /** The one file of Go. */
  readonly source: string;
}

/** Where Traefik finds the sources at its start: a folder below its working directory. */
export function pluginFiles({ name, module, source }: LocalPlugin): ConfigFile[] {
  return [".traefik.yml", "go.mod", source].map((file) => ({
    path: `/plugins-local/src/${module}/${file}`,
    content: readFileSync(new URL(`./${name}/${file}`, import.meta.url), "utf8"),
  }));
}

/** How the static configuration names them. */
export function localPlugins(plugins: readonly LocalPlugin[]): Readonly<Record<string, object>> {
  return Object.fromEntries(plugins.map(({ name, module }) => [name, { moduleName: module }]));
}
