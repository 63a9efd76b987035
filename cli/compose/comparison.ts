import type { StageDefinition } from "../../components/stage/definition.ts";
import type { ServiceGroup } from "./groups.ts";
import { type Leftover, serviceLeftovers } from "./leftovers.ts";
import type { ComposeProject, ComposeService } from "./project.ts";
import { firstKey } from "./service-keys.ts";

/** Everything in the services of a file that the project of the definition does not have. */
export function projectLeftovers(
  groups: readonly ServiceGroup[],
  definition: StageDefinition,
  derived: ComposeProject,
  toRepositoryPath: (path: string) => string,
): Leftover[] {
  return groups.flatMap(({ key, name, service }) => [
    ...imageLeftovers(key, service, toRepositoryPath),
    ...serviceLeftovers(
      key,
      comparable(service, toRepositoryPath),
      comparable(derived.services[firstKey(definition, name)] ?? {}, (path) => path),
    ),
  ]);
}

/** A service without what its place in a file decides: the tag of an image that is built, its folder, its replicas. */
function comparable(
  { build, image, deploy, ...service }: ComposeService,
  toRepositoryPath: (path: string) => string,
): ComposeService {
  return {
    ...service,
    deploy: { resources: deploy?.resources },
    ...(build === undefined ? { image } : { build: { ...build, context: toRepositoryPath(build.context) } }),
  };
}

/** An image is built from a folder of the repository, where it is reviewed with the definition. */
function imageLeftovers(
  key: string,
  { image, build }: ComposeService,
  toRepositoryPath: (path: string) => string,
): Leftover[] {
  if (image === undefined && build === undefined) {
    const reason = "the file names none; import the file that it is laid over as well, and before it";
    return [{ key: `services.${key}.image`, reason }];
  }
  if (build === undefined || !toRepositoryPath(build.context).startsWith("..")) return [];
  const reason = "the folder is not in the repository; move it there, or give the reference of an image";
  return [{ key: `services.${key}.build`, reason }];
}
