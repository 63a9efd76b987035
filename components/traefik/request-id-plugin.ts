import { readFileSync } from "node:fs";
import type { ConfigFile } from "../core/config-file.ts";

/** Name of the plugin in the gateway's configuration. */
export const PLUGIN_NAME = "request-id";

/** The Go module, as its `go.mod` says. */
export const PLUGIN_MODULE = "storytelling.local/requestid";

const FILES = [".traefik.yml", "go.mod", "requestid.go"] as const;

/**
 * The sources of the middleware that gives requests an id. Traefik has none (C-21) and interprets these at start,
 * from a folder below its working directory.
 */
export function requestIdPluginFiles(): readonly ConfigFile[] {
  return FILES.map((file) => ({
    path: `/plugins-local/src/${PLUGIN_MODULE}/${file}`,
    content: readFileSync(new URL(`./request-id/${file}`, import.meta.url), "utf8"),
  }));
}
