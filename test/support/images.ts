import Docker from "dockerode";
import { IMAGES, type ImageName } from "../../stacks/catalog/images.ts";

/** Where the name of an image that is built here differs from the catalogue's. */
const OFFLINE_NAMES: Partial<Record<ImageName, string>> = { telemetry: "otel-collector" };

/**
 * The image that contract tests run: the catalogue's when the host has it, else the one that is built here.
 * Throws when there is neither, because a test that is left out proves nothing.
 */
export async function imageOf(name: ImageName): Promise<string> {
  const present = (await new Docker().listImages()).flatMap((image) => image.RepoTags ?? []);
  const offlinePrefix = `storytelling-offline/${OFFLINE_NAMES[name] ?? name}:`;
  const found =
    present.find((tag) => tag === IMAGES[name]) ?? present.find((tag) => tag.startsWith(offlinePrefix));
  if (found !== undefined) return found;
  throw new Error(
    `no image of ${name} on this host: run \`npm run up\` once, or \`docker pull ${IMAGES[name]}\``,
  );
}
