import type Dockerode from "dockerode";
import type { DockerOptions } from "dockerode";
import { type PropertyMap, textOf } from "../bridge/values.ts";

/** The Docker daemon, reached when it is first needed: a preview must not need one. */
export interface DockerClient {
  readonly daemon: () => Promise<Dockerode>;
}

/**
 * `host` as in `DOCKER_HOST`: `unix:///path`, `tcp://host:port` or `ssh://user@host:port`. Without it, the
 * environment decides, and without that the local socket.
 */
export function connectDocker(config: PropertyMap): DockerClient {
  let connecting: Promise<Dockerode> | undefined;
  return {
    daemon: () => {
      connecting ??= openDaemon(textOf(config, "host"));
      return connecting;
    },
  };
}

async function openDaemon(host: string): Promise<Dockerode> {
  const { default: Docker } = await import("dockerode");
  return host === "" ? new Docker() : new Docker(endpointOf(host));
}

export function endpointOf(host: string): DockerOptions {
  if (host.startsWith("/")) return { socketPath: host };
  if (!URL.canParse(host)) throw new Error(unusableHost(host));
  const url = new URL(host);
  switch (url.protocol) {
    case "unix:":
      return { socketPath: url.pathname };
    case "tcp:":
    case "http:":
      return { protocol: "http", host: url.hostname, port: url.port || "2375" };
    case "https:":
      return { protocol: "https", host: url.hostname, port: url.port || "2376" };
    case "ssh:":
      return { protocol: "ssh", host: url.hostname, port: url.port || "22", username: url.username };
    default:
      throw new Error(unusableHost(host));
  }
}

function unusableHost(host: string): string {
  return `the Docker host "${host}" is not usable: give unix:///path, tcp://host:port or ssh://user@host`;
}
