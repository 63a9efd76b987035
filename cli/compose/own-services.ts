import { isPlatformService } from "./kinds.ts";
import type { Leftover } from "./leftovers.ts";
import type { ComposeProject, ComposeService } from "./project.ts";

/** A file with the stage's services alone, and what went. */
export interface OwnServices {
  readonly own: ComposeProject;
  readonly leftovers: readonly Leftover[];
}

/** Takes out what the platform has for all stages, and calls networks by their names on the host. */
export function ownServices(project: ComposeProject): OwnServices {
  const entries = Object.entries(project.services);
  const own = entries
    .filter(([key, service]) => !isPlatformService(key, service))
    .map(([key, service]) => [key, withRealNetworks(service, project)] as const);
  const removed = entries.filter(([key, service]) => isPlatformService(key, service));
  return {
    own: { ...project, services: Object.fromEntries(own) },
    leftovers: removed.map(([key]) => ({ key: `services.${key}`, reason: REASON })),
  };
}

const REASON =
  "the platform has one for all stages; leave it out, its address is in the injected variables (000-185)";

function withRealNetworks(service: ComposeService, { networks }: ComposeProject): ComposeService {
  if (service.networks === undefined) return service;
  const real = Object.entries(service.networks).map(
    ([key, attachment]) => [networks?.[key]?.name ?? key, attachment] as const,
  );
  return { ...service, networks: Object.fromEntries(real) };
}
