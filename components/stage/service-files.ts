import type { ConfigFile } from "../core/config-file.ts";
import { toYaml } from "../core/yaml.ts";
import type { RenderedFile } from "./definition.ts";

/** The file of a container, rendered by the ending of its path. */
export function renderedFile({ path, data }: RenderedFile): ConfigFile {
  return {
    path,
    content: path.endsWith(".json") ? `${JSON.stringify(data, undefined, 2)}\n` : toYaml(data),
  };
}
