import { resolve } from "node:path";
import type Dockerode from "dockerode";
import { type Pack, pack } from "tar-fs";
import { contextFiles } from "../../../components/core/build-context.ts";
import { messageOf } from "../bridge/errors.ts";
import { type PropertyMap, textMapOf, textOf } from "../bridge/values.ts";
import { asking, daemonMessage } from "./daemon-error.ts";
import { followProgress, type ProgressEvent } from "./image-store.ts";

/** Lines of the build's output that an error repeats. */
const LOG_LINES = 30;

/** Builds an image with the daemon's own (legacy) builder, which every engine has. */
export async function buildImage(docker: Dockerode, name: string, build: PropertyMap): Promise<void> {
  const context = resolve(textOf(build, "context"));
  const stream = await asking("unable to build image", () =>
    docker.buildImage(packed(context), {
      t: name,
      dockerfile: textOf(build, "dockerfile"),
      target: textOf(build, "target"),
      buildargs: { ...textMapOf(build, "buildArgs") },
      labels: { ...textMapOf(build, "labels"), ...textMapOf(build, "label") },
      rm: true,
      version: "1",
    }),
  );
  const log: string[] = [];
  stream.on("data", (chunk: Buffer) => log.push(...outputLines(chunk)));
  try {
    await followProgress(docker, stream);
  } catch (error) {
    const tail = log.join("").trimEnd().split("\n").slice(-LOG_LINES).join("\n");
    throw new Error(`unable to build image ${name}: ${daemonMessage(error)}\n\n${tail}`, { cause: error });
  }
}

/** The context as a tar, made here because dockerode's own drops a Dockerfile that `.dockerignore` names. */
function packed(context: string): Pack {
  try {
    return pack(context, { entries: contextFiles(context) });
  } catch (error) {
    throw new Error(`unable to read the build context ${context}: ${messageOf(error)}`, { cause: error });
  }
}

function outputLines(chunk: Buffer): readonly string[] {
  return chunk
    .toString()
    .split("\r\n")
    .filter((line) => line !== "")
    .flatMap((line) => {
      try {
        return [(JSON.parse(line) as ProgressEvent).stream ?? ""];
      } catch {
        return [];
      }
    });
}
