import { join } from "node:path";
import { hashFolder, hashParts } from "../folder-hash.ts";
import { GO_RECIPES, type GoProgramName, recipeFolder } from "../go/recipes.ts";
import { BASE_IMAGE, OFFLINE_IMAGES, type OfflineImageName } from "./catalogue.ts";
import type { HostFacts } from "./host-facts.ts";

/** Folder with the Dockerfile of an image. */
export function imageFolder(name: OfflineImageName): string {
  return join(import.meta.dirname, name);
}

/**
 * What each image is built from, as a hash: its folder, the recipes of its programs, the image below it, and for
 * the base what it takes over from the host. An image with another hash in its label is out of date.
 */
export async function contextHashes(host: HostFacts): Promise<ReadonlyMap<OfflineImageName, string>> {
  const base = hashParts([JSON.stringify(host), await hashFolder(imageFolder(BASE_IMAGE))]);
  const names = Object.keys(OFFLINE_IMAGES) as OfflineImageName[];
  const hashes = names.map(async (name): Promise<[OfflineImageName, string]> => {
    if (name === BASE_IMAGE) return [name, base];
    const programs = OFFLINE_IMAGES[name].programs.map(hashRecipe);
    return [name, hashParts([base, await hashFolder(imageFolder(name)), ...(await Promise.all(programs))])];
  });
  return new Map(await Promise.all(hashes));
}

async function hashRecipe(name: GoProgramName): Promise<string> {
  const recipe = GO_RECIPES[name];
  return hashParts([JSON.stringify(recipe), await hashFolder(recipeFolder(recipe))]);
}
