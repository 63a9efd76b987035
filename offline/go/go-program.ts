import { join } from "node:path";
import type { ArtifactCache } from "../cache/artifact-cache.ts";
import { withWorkingFolder } from "../cache/working-folder.ts";
import type { ReportProgress } from "../progress.ts";
import { generateCollector } from "./collector-sources.ts";
import { runGo } from "./go-command.ts";
import { GO_RECIPES, type GoProgramName, type GoRecipe, recipeFolder } from "./recipes.ts";

/** Path of a program: from the cache when it is there with the right sum, else compiled now and kept. */
export async function provideGoProgram(
  name: GoProgramName,
  cache: ArtifactCache,
  report: ReportProgress,
): Promise<string> {
  const recipe: GoRecipe = GO_RECIPES[name];
  const artifact = { name, version: recipe.version };
  report("looking into the cache and unpacking");
  const kept = await cache.find(artifact);
  if (kept !== undefined) return kept;

  return withWorkingFolder(name, async (workingFolder) => {
    const compiled = await compile(recipe, workingFolder, report);
    report("compressing it for the cache");
    return cache.keep(artifact, compiled);
  });
}

async function compile(recipe: GoRecipe, workingFolder: string, report: ReportProgress): Promise<string> {
  const binary = join(workingFolder, "compiled");
  let folder = recipeFolder(recipe);
  if (recipe.mainPackage === ".") {
    report("generating sources");
    await generateCollector(folder, join(workingFolder, "sources"), report);
    folder = join(workingFolder, "sources");
  }
  const total = await countPackages(folder, recipe.mainPackage, report);
  let compiled = 0;
  const onLine = (line: string): void => {
    if (line.startsWith("go: ")) return report(line.slice(4));
    compiled += 1;
    report(compiled < total ? `compiled ${compiled} of ${total} packages` : "linking");
  };
  await runGo(
    folder,
    ["build", "-v", "-trimpath", "-ldflags", linkerFlags(recipe), "-o", binary, recipe.mainPackage],
    onLine,
  );
  return binary;
}

/** Counts what there is to compile; whatever module is missing is downloaded on the way. */
async function countPackages(folder: string, mainPackage: string, report: ReportProgress): Promise<number> {
  let packages = 0;
  let downloads = 0;
  await runGo(folder, ["list", "-deps", mainPackage], (line) => {
    if (line.startsWith("go: downloading")) {
      downloads += 1;
      report(`downloading modules, ${downloads} so far`);
    } else if (!line.startsWith("go: ")) {
      packages += 1;
    }
  });
  // `unsafe` is part of the compiler: it is listed and never compiled.
  return packages - 1;
}

/** Without symbol tables, which nobody debugs with here and which are a third of each file. */
function linkerFlags({ variables }: GoRecipe): string {
  const settings = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
  return ["-s", "-w", ...settings].join(" ");
}
