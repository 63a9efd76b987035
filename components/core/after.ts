import * as pulumi from "@pulumi/pulumi";

/**
 * The value, as soon as the resources are there, which may be declared later than what waits for them. It orders like
 * `dependsOn` and leaves no dependency in the state: `destroy` keeps everything on which a protected resource
 * depends, so a container with protected contents would never go away.
 */
export function after<T>(
  resources: readonly pulumi.Resource[] | Promise<readonly pulumi.Resource[]>,
  value: T,
): pulumi.Output<T> {
  return pulumi.output(
    Promise.resolve(resources)
      .then(allRegistered)
      .then(() => value),
  ) as pulumi.Output<T>;
}

/** A promise on purpose: an output would carry its dependencies along. The URN is known in a preview, too. */
async function allRegistered(resources: readonly pulumi.Resource[]): Promise<void> {
  await Promise.all(
    resources.map((resource) => new Promise<void>((resolve) => resource.urn.apply(() => resolve()))),
  );
}
