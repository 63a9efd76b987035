import * as pulumi from "@pulumi/pulumi";
import { BuiltImage } from "../core/built-image.ts";
import type { DockerApi, NetworkHandle, Ready, RedisServer } from "../core/handles.ts";
import { commandProbe, PLATFORM_TIMING } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { redisUrl } from "../core/redis-url.ts";

const ALIAS = "event-streams";

/** Relative to the project, as every build context. */
const IMAGE_CONTEXT = "components/event-streams/image";

/** The keeper touches the file after each pass without a failure, every 5 seconds. */
const RECENT_PASS = 'test -n "$(find /tmp/last-good-pass -newermt "-30 seconds")"';

export interface EventStreamsArgs {
  readonly containerName: string;
  /** Image of Debian on which the keeper is built. No default on purpose. */
  readonly baseImage: string;
  /** Stages on this network are looked after. */
  readonly network: NetworkHandle;
  /** Where the Docker API is reached. */
  readonly opsNetwork: NetworkHandle;
  readonly dockerApi: DockerApi;
  readonly broker: RedisServer;
  readonly cache: RedisServer;
  readonly limits: ResourceLimits;
}

/**
 * Keeps the event streams and consumer groups that stages declare in a label of their container (`002-005`): it makes
 * what is missing, brings a group back whose stream expired or was deleted (C-32), and trims. A new or changed stage is
 * seen within 5 seconds, and nothing restarts.
 */
export class EventStreams extends pulumi.ComponentResource implements Ready {
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: EventStreamsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:event-streams:EventStreams", name, {}, opts);
    const image = this.createImage(name, args.baseImage);
    this.ready = [this.createKeeper(name, args, image)];
    this.registerOutputs();
  }

  private createImage(name: string, baseImage: string): BuiltImage {
    return new BuiltImage(
      `${name}-image`,
      {
        repository: "storytelling/event-streams",
        context: IMAGE_CONTEXT,
        buildArguments: { BASE_IMAGE: baseImage },
      },
      { parent: this },
    );
  }

  private createKeeper(name: string, args: EventStreamsArgs, image: BuiltImage): ManagedContainer {
    const requirements = [args.network, args.opsNetwork, args.dockerApi, args.broker, args.cache];
    return new ManagedContainer(
      `${name}-keeper`,
      {
        containerName: args.containerName,
        image: image.reference,
        networks: [{ name: args.network.name, aliases: [ALIAS] }, { name: args.opsNetwork.name }],
        labels: { service: ALIAS },
        user: { name: "keeper" },
        // Its probe looks at a file that it touches there.
        rootFilesystem: { readOnly: true, scratch: { "/tmp": "1 MB" } },
        environment: {
          DOCKER_API_URL: args.dockerApi.url,
          NETWORK: args.network.name,
          BROKER_URL: redisUrl(args.broker),
          CACHE_URL: redisUrl(args.cache),
        },
        health: commandProbe(["sh", "-c", RECENT_PASS], PLATFORM_TIMING),
        limits: args.limits,
      },
      { parent: this, dependsOn: [image, ...requirements.flatMap(({ ready }) => ready)] },
    );
  }
}
