import * as pulumi from "@pulumi/pulumi";

/**
 * The value of an output, for `expect(await valueOf(...))`. A failing `expect` inside `apply` would leave the test
 * green. Never settles for a value that a preview does not know: ask `isKnown` first where that may happen.
 */
export function valueOf<T>(value: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply((known) => resolve(known));
  });
}
