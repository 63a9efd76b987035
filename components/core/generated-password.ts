import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/**
 * A password that outlives a `destroy`, like the data that it opens: stores take one at their first start only. Letters and
 * digits, so that it needs no encoding in a URL.
 */
export function generatePassword(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  const password = new random.RandomPassword(name, { length: 32, special: false }, { parent, protect: true });
  return pulumi.secret(password.result);
}
