import { createInterface } from "node:readline";

/** One line of what the Docker API answers while it builds or pulls an image. */
export interface DockerEvent {
  /** Output of a build. */
  readonly stream?: string;
  /** What happens to a layer, for example `Downloading`. */
  readonly status?: string;
  /** The layer. */
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
}

/** Hands over each event of an answer. Throws Docker's error when the answer ends with one. */
export async function followDockerEvents(
  answer: NodeJS.ReadableStream,
  onEvent: (event: DockerEvent) => void,
): Promise<void> {
  for await (const line of createInterface({ input: answer })) {
    if (line === "") continue;
    const event = JSON.parse(line) as DockerEvent & { readonly error?: string };
    if (event.error !== undefined) throw new Error(event.error);
    onEvent(event);
  }
}
