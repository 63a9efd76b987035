import type { Readable } from "node:stream";
import type { Checkout } from "./checkout.ts";

interface ExportedResource {
  readonly urn: string;
  readonly type: string;
  readonly outputs?: { readonly result?: { readonly plaintext: string } };
}

/** The passwords that the stack `dev` generated, by the logical names of their resources. */
export async function generatedPasswords(checkout: Checkout): Promise<Record<string, string>> {
  const state = JSON.parse(await checkout.pulumi("stack export", "--show-secrets")) as {
    readonly deployment: { readonly resources: readonly ExportedResource[] };
  };
  return Object.fromEntries(
    state.deployment.resources.flatMap(({ urn, type, outputs }) =>
      type === "random:index/randomPassword:RandomPassword" && outputs?.result !== undefined
        ? [[urn.slice(urn.lastIndexOf("::") + 2), JSON.parse(outputs.result.plaintext) as string] as const]
        : [],
    ),
  );
}

/** Those of the texts that occur in a stream, also across two of its pieces. */
export async function occurringIn(stream: Readable, texts: readonly string[]): Promise<string[]> {
  const longest = Math.max(...texts.map(({ length }) => length));
  const found = new Set<string>();
  let rest = Buffer.alloc(0);
  for await (const piece of stream as AsyncIterable<Buffer>) {
    const window = Buffer.concat([rest, piece]);
    for (const text of texts) if (window.includes(text)) found.add(text);
    rest = window.subarray(Math.max(0, window.length - longest + 1));
  }
  return [...found];
}
