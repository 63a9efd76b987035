import type { ContainerInputs } from "../resource.ts";

/** Which containers may publish ports, by their names on the host. */
export interface PublishedPorts {
  /** On any address. */
  readonly public: readonly string[];
  /** On the loopback address only. */
  readonly local: readonly string[];
}

const LOOPBACK = ["127.0.0.1", "::1"];

/** Ports that reach further than they may. */
export function publishedPortProblems(container: ContainerInputs, allowed: PublishedPorts): string[] {
  const name = container.name ?? "";
  if (allowed.public.includes(name)) return [];
  return (container.ports ?? []).flatMap(({ external, internal, ip = "0.0.0.0" }) => {
    const port = `${ip}:${external ?? "any"} -> ${internal}`;
    if (!allowed.local.includes(name))
      return [`${name} publishes ${port}; clients reach it through the gateway, so take the port away`];
    return LOOPBACK.includes(ip) ? [] : [`${name} publishes ${port}; it may listen on 127.0.0.1 only`];
  });
}
