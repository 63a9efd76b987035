import type Docker from "dockerode";
import { CONTEXT_LABEL } from "../../offline/images/catalogue.ts";

/** The images on the host. */
export class LocalImages {
  readonly #contexts: ReadonlyMap<string, string | undefined>;

  public constructor(images: readonly Docker.ImageInfo[]) {
    this.#contexts = new Map(
      images.flatMap(({ RepoTags, RepoDigests, Labels }) =>
        [...(RepoTags ?? []), ...(RepoDigests ?? [])].map((reference): [string, string | undefined] => [
          reference,
          Labels?.[CONTEXT_LABEL],
        ]),
      ),
    );
  }

  /** Whether an image is there, by tag or by digest. */
  public has(reference: string): boolean {
    return this.#contexts.has(familiarReference(reference));
  }

  /** Hash of what an image was built from here; undefined when it is absent or was not built here. */
  public context(reference: string): string | undefined {
    return this.#contexts.get(familiarReference(reference));
  }
}

export async function listLocalImages(docker: Docker): Promise<LocalImages> {
  return new LocalImages(await docker.listImages());
}

/** The form in which Docker lists a reference: without its own registry, by digest alone where there is one. */
export function familiarReference(reference: string): string {
  const short = reference.replace(/^docker\.io\//, "").replace(/^library\//, "");
  const [named = "", digest] = short.split("@");
  const name = named.replace(/:[^/:]+$/, "");
  if (digest !== undefined) return `${name}@${digest}`;
  return name === named ? `${named}:latest` : named;
}
