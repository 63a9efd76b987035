/** A fenced block of a document. */
export interface Fence {
  /** First word after the fence, for example `sh`. */
  readonly language: string;
  /** What else stands there; in the guides the file that the block is. */
  readonly file: string | undefined;
  readonly text: string;
}

/** Every fenced block, in the order of the document. */
export function fences(markdown: string): Fence[] {
  return [...markdown.matchAll(/^```(\w+) ?(.*)\n([\s\S]*?\n)```$/gm)].map(
    ([, language = "", file = "", text = ""]) => ({
      language,
      file: file === "" ? undefined : file,
      text,
    }),
  );
}

/** A section of the second level without its heading. Throws when the document has none of this name. */
export function section(markdown: string, heading: string): string {
  const found = markdown.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (found === undefined) throw new Error(`there is no section "${heading}"`);
  return found.slice(heading.length);
}
