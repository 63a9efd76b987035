import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { ENTRY_PLUGINS } from "../../../../components/traefik/entry-plugins.ts";
import { IDENTITY_PLUGINS } from "../../../../components/traefik/identity.config.ts";
import { localPlugins, pluginFiles } from "../../../../components/traefik/local-plugins.ts";

describe.each([...ENTRY_PLUGINS, ...IDENTITY_PLUGINS])("the plugin $name", (plugin) => {
  function contentOf(file: string): string {
    const found = pluginFiles(plugin).find(({ path }) => path.endsWith(`/${file}`));
    if (typeof found?.content !== "string") throw new Error(`${file} is not among the plugin's files`);
    return found.content;
  }

  test("is called alike by module, manifest and package, so that Traefik finds it", () => {
    expect(contentOf("go.mod")).toContain(`module ${plugin.module}\n`);
    expect(parse(contentOf(".traefik.yml"))).toMatchObject({ type: "middleware", import: plugin.module });
    expect(contentOf(plugin.source)).toContain(`package ${plugin.module.split("/").at(-1)}\n`);
  });

  test("lies where Traefik looks for its module", () => {
    const folder = `/plugins-local/src/${plugin.module}/`;
    expect(pluginFiles(plugin).every(({ path }) => path.startsWith(folder))).toBe(true);
    expect(localPlugins([plugin])).toEqual({ [plugin.name]: { moduleName: plugin.module } });
  });
});
