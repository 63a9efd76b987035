import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * A password that outlives a `destroy`, like the data that it opens: stores take one at their first start only. Letters and
 * digits, so that it needs no encoding in a URL.
 */
export function generatePassword(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return password(name, { parent, protect: true });
}

/**
 * A password that its store takes anew at any time: it can be replaced, with `storytelling rotate` or `pulumi up --replace`.
 * What is protected and depends on it keeps it through a `destroy`.
 */
export function generateReplaceablePassword(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return password(name, { parent });
}

function password(name: string, opts: pulumi.CustomResourceOptions): pulumi.Output<string> {
  const { result } = new random.RandomPassword(name, { length: 32, special: false }, opts);
  return pulumi.secret(result);
}
