import { join, relative, resolve } from "node:path";
import { contextHash } from "../../components/core/built-image.ts";
import { UserError } from "../../components/core/errors.ts";
import type { StageDefinition, StageImage } from "../../components/stage/definition.ts";
import { stageProject } from "../../components/stage/names.ts";
import { configuredStage } from "../../stacks/attached-stages.ts";
import { STAGE_CATALOG } from "../../stacks/catalog/stages/index.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { platformImage, stageImageBuild } from "../../stacks/images.ts";
import { platformUrls } from "../../stacks/outputs.ts";
import { catalogStage } from "../catalog-stage.ts";
import type { ComposeContext } from "../compose/context.ts";
import {
  EXAMPLE_FILE,
  exampleFile,
  requiredVariables,
  SECRETS_FILE,
  secretsFile,
} from "../compose/environment-file.ts";
import { assertSecretsStayOut, type ExportedFile, writeExport } from "../compose/export-folder.ts";
import { HELPER_SCRIPT, helperScript } from "../compose/helper-script.ts";
import { COMPOSE_FILE } from "../compose/project.ts";
import { composeText, renderProject } from "../compose/render-project.ts";
import { stageSecrets } from "../compose/stage-secrets.ts";
import { readConfiguration } from "../pulumi/configuration.ts";
import { readSecretOutput } from "../pulumi/secret-output.ts";
import { openWorkspace } from "../pulumi/workspace.ts";
import { MARKS, say } from "../ui/say.ts";

export interface ExportOptions {
  readonly stack: string;
  readonly out?: string;
  readonly force?: true;
  readonly withSecrets?: true;
}

/** Writes a stage as a compose project, for a team that uses Compose. Returns the exit code. */
export async function exportStage(name: string, options: ExportOptions): Promise<number> {
  const workspace = await openWorkspace(options.stack);
  const config = await readConfiguration(workspace);
  const { gateway } = platformUrls(config);
  if (gateway === undefined) {
    throw new UserError(
      `the stack "${options.stack}" is standalone and has no platform beside which Compose could run a stage; give --stack one of the mode "platform"`,
    );
  }
  const stage = configuredStage(catalogStage(name), config);
  const folder = resolve(options.out ?? stageProject(stage));
  if (options.withSecrets === true) await assertSecretsStayOut(folder);

  const text = composeText(stage, await renderProject(stage, composeContext(config, workspace.root, folder)));
  const variables = requiredVariables(text);
  const files: ExportedFile[] = [
    { name: COMPOSE_FILE, content: text, mode: 0o644 },
    { name: EXAMPLE_FILE, content: exampleFile(stage, variables), mode: 0o644 },
    { name: HELPER_SCRIPT, content: helperScript(stage, gateway), mode: 0o755 },
  ];
  if (options.withSecrets === true) {
    const credentials = await readSecretOutput(workspace, "credentials");
    const values = stageSecrets(stage, variables, credentials, config);
    files.push({ name: SECRETS_FILE, content: secretsFile(stage, values), mode: 0o600 });
  }
  await writeExport(folder, files, options.force === true);
  for (const file of files) say(`${MARKS.done} ${relative(".", join(folder, file.name))}`);
  tellWhoRunsIt(stage, config, options.stack);
  return 0;
}

/** An image that is built has the tag that the program gives it, so that it is built once on a host. */
function composeContext(config: PlatformConfig, root: string, folder: string): ComposeContext {
  const resolveImage = (image: StageImage) => {
    if ("reference" in image) return image;
    const build = stageImageBuild(image.build, platformImage(config, "debian"));
    const context = join(root, build.context);
    return {
      reference: `${build.repository}:${contextHash({ ...build, context })}`,
      build: { context: relative(folder, context), args: build.buildArguments },
    };
  };
  const peers = STAGE_CATALOG.map((stage) => configuredStage(stage, config));
  const { address } = config.identity;
  return {
    peers,
    defaultLogLevel: config.logLevel,
    resolveImage,
    ...(address === undefined ? {} : { identityUrl: address }),
  };
}

/** The platform makes a stage's data in any case, and its containers only while the stage is enabled. */
function tellWhoRunsIt({ name }: StageDefinition, { stages }: PlatformConfig, stack: string): void {
  if (stages[name]?.enabled === false) return;
  const running = stages[name] === undefined ? "has no data of this stage yet" : "runs this stage itself";
  say(
    `${MARKS.warning} the platform ${running}: write \`${name}: { enabled: false }\` among storytelling:stages of`,
  );
  say(`  Pulumi.${stack}.yaml and run \`npm run up\` before you start these containers`);
}
