import type { RegisteredResource } from "./mocks.ts";

/** The resource tree as indented lines `<type> <name>`, sorted: the order of registration is not the same in each run. */
export function toTree(resources: readonly RegisteredResource[]): string[] {
  const byParent = Map.groupBy(resources, (resource) => resource.options.parent);
  const linesBelow = (parent: string | undefined, indent: string): string[] =>
    (byParent.get(parent) ?? [])
      .map((resource) => ({ urn: resource.urn, line: `${resource.type} ${resource.name}` }))
      .sort((a, b) => (a.line < b.line ? -1 : 1))
      .flatMap(({ urn, line }) => [`${indent}${line}`, ...linesBelow(urn, `${indent}  `)]);
  return linesBelow(undefined, "");
}

/** Resources that hang in the air: real ones that no component owns. */
export function orphansOf(resources: readonly RegisteredResource[]): RegisteredResource[] {
  return resources.filter((resource) => resource.custom && resource.options.parent === undefined);
}

/** URNs that more than one resource has. The engine refuses them and the mocks do not. */
export function duplicateUrnsOf(resources: readonly RegisteredResource[]): string[] {
  const groups = Map.groupBy(resources, (resource) => resource.urn);
  return [...groups].filter(([, group]) => group.length > 1).map(([urn]) => urn);
}
