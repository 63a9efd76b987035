import type { ComposeProject, ComposeService } from "./project.ts";

/** A service of the stage: one of the file, or several that are alike. */
export interface ServiceGroup {
  /** Key of the first in the file. */
  readonly key: string;
  /** Name in the definition. */
  readonly name: string;
  /** The first one. */
  readonly service: ComposeService;
  readonly replicas: number;
}

/** The services of a file by their names in a definition; `nlp-event-consumer-1` to `-3` are one (C-17). */
export function serviceGroups({ services }: ComposeProject): ServiceGroup[] {
  const groups = new Map<string, ServiceGroup>();
  for (const [key, service] of Object.entries(services)) {
    const name = nameOf(key, service);
    const known = groups.get(name);
    if (known === undefined) groups.set(name, groupOf(key, name, service));
    else if (stem(known.key) === stem(key)) groups.set(name, { ...known, replicas: known.replicas + 1 });
    // Two services that carry the same label and are not alike are told apart by their keys.
    else groups.set(key, groupOf(key, key, service));
  }
  return [...groups.values()];
}

function groupOf(key: string, name: string, service: ComposeService): ServiceGroup {
  return { key, name, service, replicas: service.deploy?.replicas ?? 1 };
}

/** The label `service` where there is one, because Prometheus and Loki know the service by it (`000-040`). */
function nameOf(key: string, { labels }: ComposeService): string {
  const label = labels?.["service"];
  if (label !== undefined && /^[a-z][a-z0-9-]*$/.test(label)) return label;
  const name = /^(orchestrator|api|frontend)-service$/.exec(key)?.[1] ?? key;
  return name.toLowerCase().replaceAll("_", "-");
}

/** A key without its number. */
function stem(key: string): string {
  return key.replace(/-\d+$/, "");
}
