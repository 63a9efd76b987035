import type Docker from "dockerode";
import { buildOfflineImage, type ImageBuild } from "../../offline/images/build.ts";
import { BASE_IMAGE, OFFLINE_IMAGES } from "../../offline/images/catalogue.ts";
import type { Progress } from "../../offline/progress.ts";
import { DEBOOTSTRAP, ensureSystemProgram, XZ } from "./system-packages.ts";

/** Builds an image, after the programs that its build needs on the host are installed. */
export async function buildMissingImage(
  docker: Docker,
  build: ImageBuild,
  progress: Progress,
): Promise<void> {
  if (build.name === BASE_IMAGE) await ensureSystemProgram(DEBOOTSTRAP, progress.report);
  if (OFFLINE_IMAGES[build.name].programs.length > 0) await ensureSystemProgram(XZ, progress.report);
  await buildOfflineImage(docker, build, progress);
}
