import type { ContainerInputs } from "../resource.ts";

const DIGEST = /@sha256:[0-9a-f]{64}$/;
/** Behind the last slash, because the host of a registry may have a port. */
const TAG = /:([\w][\w.-]*)$/;

/** An image that may be another one tomorrow. */
export function pinnedImageProblems({ name, image }: ContainerInputs): string[] {
  if (DIGEST.test(image)) return [];
  const tag = TAG.exec(image.slice(image.lastIndexOf("/") + 1))?.[1];
  if (tag !== undefined && tag !== "latest") return [];
  return [`${name} runs ${image}; name a version or a digest, so that every host runs the same image`];
}
