import * as pulumi from "@pulumi/pulumi";

/**
 * The value, as soon as the resources are there. It orders like `dependsOn` and leaves no dependency in the state:
 * `destroy` keeps everything on which a protected resource depends, so a container with protected contents would
 * never go away.
 */
export function after<T>(resources: readonly pulumi.Resource[], value: T): pulumi.Output<T> {
  // A promise on purpose: an output would carry its dependencies along. The URN is known in a preview, too.
  const registered = resources.map(
    (resource) => new Promise<void>((resolve) => resource.urn.apply(() => resolve())),
  );
  return pulumi.output(Promise.all(registered).then(() => value)) as pulumi.Output<T>;
}
