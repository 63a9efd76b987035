import * as pulumi from "@pulumi/pulumi";
import type { DockerApi as DockerApiHandle, NetworkHandle } from "../core/handles.ts";
import { commandProbe, PLATFORM_TIMING } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { writtenAtStart } from "../core/written-at-start.ts";
import { PORT, renderDockerApiConfig, SOCKET_PATH } from "./docker-api.config.ts";

const ALIAS = "docker-api";
const CONFIG_FOLDER = "/usr/local/etc/haproxy";
const CONFIG_PATH = `${CONFIG_FOLDER}/haproxy.cfg`;

export interface DockerApiArgs {
  readonly containerName: string;
  /** An official `haproxy` image or one that is started like it, and has bash. No default on purpose. */
  readonly image: pulumi.Input<string>;
  /** Only containers on this network reach the API, so no stage may be on it. */
  readonly network: NetworkHandle;
  readonly limits: ResourceLimits;
  /** Socket of the engine on the host. `/var/run/docker.sock` unless given. */
  readonly socketPath?: string;
}

/**
 * The Docker API for discovery: HAProxy in front of the engine's socket, reading requests on an allow-list of paths
 * and nothing else. Whoever may write to the socket owns the host, so no other container gets it.
 */
export class DockerApi extends pulumi.ComponentResource implements DockerApiHandle {
  public readonly url: string;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: DockerApiArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:docker-api:DockerApi", name, {}, opts);
    const container = new ManagedContainer(
      `${name}-proxy`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: { service: ALIAS },
        user: {
          root: "the engine's socket belongs to root and to a group whose number differs from host to host; as its owner the process opens it without a capability",
        },
        rootFilesystem: { readOnly: true, scratch: { [CONFIG_FOLDER]: "1 MB" } },
        ...writtenAtStart({ path: CONFIG_PATH, content: renderDockerApiConfig() }, [
          "haproxy",
          "-W",
          "-db",
          "-f",
          CONFIG_PATH,
        ]),
        mounts: [{ hostPath: args.socketPath ?? SOCKET_PATH, path: SOCKET_PATH, readOnly: true }],
        // The gateway and everything behind it wait for this container, so it is asked often.
        health: commandProbe(pingThroughProxy(), { ...PLATFORM_TIMING, interval: "2s" }),
        limits: args.limits,
        stopGraceSeconds: 5,
      },
      { parent: this, dependsOn: [...args.network.ready] },
    );
    this.url = `tcp://${ALIAS}:${PORT}`;
    this.ready = [container];
    this.registerOutputs({ url: this.url });
  }
}

/** Asks the engine through the proxy. The image has no HTTP client, and bash can open a connection. */
function pingThroughProxy(): readonly string[] {
  const request = `printf 'GET /_ping HTTP/1.0\\r\\n\\r\\n' >&3`;
  return ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${PORT} && ${request} && grep -q '^OK' <&3`];
}
