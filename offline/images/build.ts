import { symlink } from "node:fs/promises";
import { join } from "node:path";
import type Docker from "dockerode";
import { execa } from "execa";
import { UserError } from "../../components/core/errors.ts";
import { ArtifactCache } from "../cache/artifact-cache.ts";
import { withWorkingFolder } from "../cache/working-folder.ts";
import { followDockerEvents } from "../docker-events.ts";
import { provideGoProgram } from "../go/go-program.ts";
import type { Progress, ReportProgress } from "../progress.ts";
import {
  BASE_IMAGE,
  CONTEXT_LABEL,
  OFFLINE_IMAGES,
  type OfflineImageName,
  offlineReference,
} from "./catalogue.ts";
import { imageFolder } from "./context-hash.ts";
import { makeDebianContext } from "./debian-rootfs.ts";
import type { HostFacts } from "./host-facts.ts";

const LAST_LINES = 20;
const STATUS_WIDTH = 60;

/** What an image is built with. */
export interface ImageBuild {
  readonly name: OfflineImageName;
  /** Hash of what goes into the build, for the label. */
  readonly hash: string;
  readonly host: HostFacts;
}

/** Builds one image and tags it. The image below it must be there. */
export async function buildOfflineImage(
  docker: Docker,
  build: ImageBuild,
  progress: Progress,
): Promise<void> {
  await withWorkingFolder(`image-${build.name}`, async (context) => {
    const folders = await makeContext(context, build, progress);
    const content = folders.flatMap((folder) => ["-C", folder, "."]);
    const pack = execa("tar", ["--dereference", "-cf", "-", ...content], { buffer: false, reject: false });
    const answer = await docker.buildImage(pack.stdout, {
      t: offlineReference(build.name),
      labels: { [CONTEXT_LABEL]: build.hash },
      buildargs: proxyArguments(),
      // The host's network reaches the package mirrors even where the host's resolver or proxy is on its loopback.
      networkmode: "host",
      rm: true,
      forcerm: true,
    });
    await followBuild(build.name, answer, progress.report);
  });
}

/** Folders that together are the build context. */
async function makeContext(
  context: string,
  { name, host }: ImageBuild,
  progress: Progress,
): Promise<string[]> {
  if (name === BASE_IMAGE) {
    await makeDebianContext(context, host, progress.report);
    return [context];
  }
  const cache = new ArtifactCache(progress.warn);
  for (const program of OFFLINE_IMAGES[name].programs) {
    const report = (status: string): void => progress.report(`${program}: ${status}`);
    await symlink(await provideGoProgram(program, cache, report), join(context, program));
  }
  return [imageFolder(name), context];
}

/** The proxy settings that Docker passes to builds without a declaration in the Dockerfile. */
function proxyArguments(): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy"].flatMap((name) => [name, name.toUpperCase()]);
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

async function followBuild(
  name: OfflineImageName,
  answer: NodeJS.ReadableStream,
  report: ReportProgress,
): Promise<void> {
  const lastLines: string[] = [];
  let step = "";
  try {
    await followDockerEvents(answer, ({ stream = "" }) => {
      const lines = stream.split(/[\r\n]+/).filter((line) => line.trim() !== "");
      lastLines.push(...lines);
      lastLines.splice(0, lastLines.length - LAST_LINES);
      step = /^Step (\d+\/\d+)/m.exec(stream)?.[1] ?? step;
      report(`step ${step}: ${(lastLines.at(-1) ?? "").slice(0, STATUS_WIDTH)}`);
    });
  } catch (error) {
    const output = lastLines.map((line) => `    ${line}`).join("\n");
    throw new UserError(
      `the image ${offlineReference(name)} could not be built: ${(error as Error).message}\n${output}\n  Check that \`apt-get update\` works on this host and that it has disk space (\`df -h /var/lib/docker\`), then run this again.`,
    );
  }
}
