import * as pulumi from "@pulumi/pulumi";
import { BuiltImage } from "../core/built-image.ts";
import type { DockerApi, HttpServer, NetworkHandle } from "../core/handles.ts";
import { commandProbe } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";

const ALIAS = "platform-health";
const PORT = 8000;

/** Relative to the project, as every build context. */
const IMAGE_CONTEXT = "components/platform-health/image";

const ALIVE = `import urllib.request as r; r.urlopen("http://localhost:${PORT}/alive", timeout=4)`;

export interface PlatformHealthArgs {
  readonly containerName: string;
  /** Image of Debian on which the program is built. No default on purpose. */
  readonly baseImage: string;
  /** Stages on this network are asked about. */
  readonly network: NetworkHandle;
  /** Where the Docker API is reached. */
  readonly opsNetwork: NetworkHandle;
  readonly dockerApi: DockerApi;
  /** What everybody needs: the name of the check, and the container that must be healthy. */
  readonly services: Readonly<Record<string, string>>;
  readonly limits: ResourceLimits;
}

/**
 * Answers `/health` for the whole platform: 200 when the given services and every stage on the network are well, else
 * 503, with a check by name for each (`000-101`, `000-102`). Stages are found by their labels, so a new one restarts
 * nothing; Docker is asked every 2 seconds at most, however many ask.
 */
export class PlatformHealth extends pulumi.ComponentResource implements HttpServer {
  public readonly url: string;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: PlatformHealthArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:platform-health:PlatformHealth", name, {}, opts);
    const image = this.createImage(name, args.baseImage);
    this.ready = [this.createReporter(name, args, image)];
    this.url = `http://${ALIAS}:${PORT}`;
    this.registerOutputs({ url: this.url });
  }

  private createImage(name: string, baseImage: string): BuiltImage {
    return new BuiltImage(
      `${name}-image`,
      {
        repository: "storytelling/platform-health",
        context: IMAGE_CONTEXT,
        buildArguments: { BASE_IMAGE: baseImage },
      },
      { parent: this },
    );
  }

  private createReporter(name: string, args: PlatformHealthArgs, image: BuiltImage): ManagedContainer {
    const requirements = [args.network, args.opsNetwork, args.dockerApi];
    return new ManagedContainer(
      `${name}-reporter`,
      {
        containerName: args.containerName,
        image: image.reference,
        networks: [{ name: args.network.name, aliases: [ALIAS] }, { name: args.opsNetwork.name }],
        user: { name: "health" },
        rootFilesystem: { readOnly: true },
        labels: { service: ALIAS },
        environment: {
          DOCKER_API_URL: args.dockerApi.url,
          NETWORK: args.network.name,
          SERVICES: JSON.stringify(args.services),
        },
        health: commandProbe(["python3", "-c", ALIVE]),
        limits: args.limits,
      },
      { parent: this, dependsOn: [image, ...requirements.flatMap(({ ready }) => ready)] },
    );
  }
}
