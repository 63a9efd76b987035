import { expect, test } from "vitest";
import { parse } from "yaml";
import { PLUGIN_MODULE, requestIdPluginFiles } from "../../../../components/traefik/request-id-plugin.ts";

function contentOf(file: string): string {
  const found = requestIdPluginFiles().find(({ path }) => path.endsWith(`/${file}`));
  if (typeof found?.content !== "string") throw new Error(`${file} is not among the plugin's files`);
  return found.content;
}

test("module, manifest and package agree on the plugin's name, by which Traefik finds it", () => {
  expect(contentOf("go.mod")).toContain(`module ${PLUGIN_MODULE}\n`);
  expect(parse(contentOf(".traefik.yml"))).toMatchObject({ type: "middleware", import: PLUGIN_MODULE });
  expect(contentOf("requestid.go")).toContain(`package ${PLUGIN_MODULE.split("/").at(-1)}\n`);
});
