import { buffer } from "node:stream/consumers";
import type { Container } from "dockerode";
import { flagOf, mapsOf, type PropertyMap, textOf } from "../../bridge/values.ts";
import { asking } from "../daemon-error.ts";

/** Puts the `uploads` into a container that has not started yet; parent directories come into being. */
export async function uploadFiles(container: Container, planned: PropertyMap): Promise<void> {
  const uploads = mapsOf(planned, "uploads");
  if (uploads.length === 0) return;
  const { pack: newPack } = await import("tar-stream");
  const pack = newPack();
  for (const upload of uploads) {
    pack.entry({ name: textOf(upload, "file"), mode: modeOf(upload), mtime: new Date() }, contentOf(upload));
  }
  pack.finalize();
  const archive = await buffer(pack);
  await asking("Unable to upload volume content", () => container.putArchive(archive, { path: "/" }));
}

function contentOf(upload: PropertyMap): Buffer {
  const text = textOf(upload, "content");
  const base64 = textOf(upload, "contentBase64");
  if (text !== "" && base64 !== "") {
    throw new Error("error with upload content: only one of 'content' or 'content_base64' can be set");
  }
  if (text === "" && base64 === "") {
    throw new Error("error with upload content: one of 'content', 'content_base64', or 'source' must be set");
  }
  return text === "" ? Buffer.from(base64, "base64") : Buffer.from(text);
}

function modeOf(upload: PropertyMap): number {
  const permissions = textOf(upload, "permissions");
  if (permissions !== "") return Number.parseInt(permissions, 8);
  return flagOf(upload, "executable") ? 0o744 : 0o644;
}
