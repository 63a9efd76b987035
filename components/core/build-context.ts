import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import dockerignore from "@balena/dockerignore";

/**
 * The files that Docker sees of a build context, relative to it and sorted: all but those that `.dockerignore`
 * leaves out. The Dockerfile is always among them, as Docker reads it even when the rules leave it out of the image.
 *
 * Throws when the folder cannot be read.
 */
export function contextFiles(context: string): string[] {
  const files = filesBelow(context, "");
  const rules = files.includes(".dockerignore") ? readFileSync(join(context, ".dockerignore"), "utf8") : "";
  const kept = dockerignore.default().add(rules).createFilter();
  return files.filter((file) => file === "Dockerfile" || kept(file)).sort();
}

function filesBelow(context: string, folder: string): string[] {
  return readdirSync(join(context, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return filesBelow(context, path);
    return entry.isFile() ? [path] : [];
  });
}
