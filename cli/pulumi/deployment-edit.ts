/** The part of an exported stack that an edit needs to know. */
export interface ExportedStack {
  readonly version: number;
  readonly deployment: Deployment;
}

interface Deployment {
  readonly resources?: readonly ExportedResource[];
  readonly pending_operations?: readonly unknown[];
}

interface ExportedResource {
  readonly urn: string;
  readonly parent?: string;
  readonly deletedWith?: string;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
}

/**
 * The stack without operations that a killed run had begun, and without resources whose objects are gone: what
 * `pulumi refresh` would leave, without asking the providers for every other resource. What is deleted together
 * with a forgotten resource, or belongs to it, is forgotten too.
 */
export function forget(exported: ExportedStack, urns: readonly string[], keepPending = false): ExportedStack {
  const { pending_operations: pending = [], resources = [], ...rest } = exported.deployment;
  const gone = withFollowers(resources, urns);
  const kept = resources
    .filter(({ urn }) => !gone.has(urn))
    .map((resource) => withoutReferences(resource, gone));
  return {
    ...exported,
    deployment: { ...rest, resources: kept, ...(keepPending ? { pending_operations: pending } : {}) },
  };
}

/** URNs with those of every resource that cannot be there without them. */
export function withFollowers(
  resources: readonly Pick<ExportedResource, "urn" | "parent" | "deletedWith">[],
  urns: readonly string[],
): ReadonlySet<string> {
  const gone = new Set(urns);
  const isFollower = (reference: string | undefined): boolean =>
    reference !== undefined && gone.has(reference);
  let size = -1;
  while (size !== gone.size) {
    size = gone.size;
    for (const { urn, parent, deletedWith } of resources) {
      if (isFollower(parent) || isFollower(deletedWith)) gone.add(urn);
    }
  }
  return gone;
}

function withoutReferences(resource: ExportedResource, gone: ReadonlySet<string>): ExportedResource {
  const keep = (urn: string): boolean => !gone.has(urn);
  const { dependencies, propertyDependencies } = resource;
  return {
    ...resource,
    ...(dependencies === undefined ? {} : { dependencies: dependencies.filter(keep) }),
    ...(propertyDependencies === undefined
      ? {}
      : {
          propertyDependencies: Object.fromEntries(
            Object.entries(propertyDependencies).map(([key, value]) => [key, value?.filter(keep) ?? null]),
          ),
        }),
  };
}
