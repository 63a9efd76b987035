import type { ServiceKind } from "../../components/stage/definition.ts";
import type { ServiceGroup } from "./groups.ts";
import { type ComposeProject, type ComposeService, EXTENSION } from "./project.ts";

/** What a service is for, by the first sign that fits. The entry is found before, because a stage has exactly one. */
export function inferKind({ key, name, service }: ServiceGroup, project: ComposeProject): ServiceKind {
  const words = `${name} ${(service.command ?? []).join(" ")}`.toLowerCase();
  if (endsBeforeOthers(key, project)) return "job";
  if (/\b(beat|scheduler)\b/.test(words)) return "scheduler";
  if (/\bconsumer\b/.test(words.replaceAll(/[._]/g, " "))) return "consumer";
  if (/\bworker\b/.test(words)) return "worker";
  return "internal";
}

function endsBeforeOthers(key: string, { services }: ComposeProject): boolean {
  return Object.values(services).some(
    ({ depends_on }) => depends_on?.[key]?.condition === "service_completed_successfully",
  );
}

/** The service that the gateway leads to, by its label, its name or its route (`000-016`, `000-017`). */
export function findEntry(groups: readonly ServiceGroup[]): ServiceGroup | undefined {
  const signs: readonly ((group: ServiceGroup) => boolean)[] = [
    ({ service }) => isEntryKind(service[EXTENSION]?.kind),
    ({ name }) => name === "orchestrator",
    ({ key }) => key === "orchestrator-service",
    ({ service }) => service.container_name?.endsWith("-orchestrator") ?? false,
    ({ service }) => service.labels?.["traefik.enable"] === "true",
    ({ name }) => /^(api|app|web|frontend|ui)$/.test(name),
  ];
  for (const sign of signs) {
    const found = groups.filter(sign);
    if (found.length === 1) return found[0];
  }
  return groups.length === 1 ? groups[0] : undefined;
}

function isEntryKind(kind: ServiceKind | undefined): boolean {
  return kind === "orchestrator" || kind === "frontend";
}

/** A frontend serves files by a web server; an API serves answers (C-37). */
export function entryKind({ name, service }: ServiceGroup): ServiceKind {
  return /^(frontend|web|ui)$/.test(name) && /nginx|caddy|httpd/.test(service.image ?? "")
    ? "frontend"
    : "orchestrator";
}

const STORES =
  /(^|\/)(redis|valkey|postgres|postgresql|pgvector|elasticsearch|neo4j|traefik|nginx-proxy|prometheus|grafana|loki|tempo|jaeger|all-in-one|otel\/.*)(:|@|$)/;

/** Whether a file runs a store, a gateway or a monitor of its own, which the platform has. */
export function isPlatformService(key: string, { image = "", profiles = [] }: ComposeService): boolean {
  return profiles.includes("disabled") || STORES.test(image) || /^(redis|postgres)$/.test(key);
}
