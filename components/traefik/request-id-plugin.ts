import type { ConfigFile } from "../core/config-file.ts";
import { type LocalPlugin, pluginFiles } from "./local-plugins.ts";

/** Gives requests an id. Traefik has no middleware for that (C-21). */
export const REQUEST_ID_PLUGIN = {
  name: "request-id",
  module: "storytelling.local/requestid",
  source: "requestid.go",
} as const satisfies LocalPlugin;

/** The sources of the plugin. */
export function requestIdPluginFiles(): readonly ConfigFile[] {
  return pluginFiles(REQUEST_ID_PLUGIN);
}
