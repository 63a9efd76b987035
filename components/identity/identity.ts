import * as pulumi from "@pulumi/pulumi";
import { BuiltImage } from "../core/built-image.ts";
import { DataVolume } from "../core/data-volume.ts";
import { generateReplaceablePassword } from "../core/generated-password.ts";
import type {
  Gateway,
  IdentityService,
  MetricsDiscovery,
  NetworkHandle,
  TokenKeys,
} from "../core/handles.ts";
import { httpProbe, PLATFORM_TIMING } from "../core/health.ts";
import {
  ManagedContainer,
  type ManagedContainerArgs,
  type ResourceLimits,
} from "../core/managed-container.ts";
import { OneShot } from "../core/one-shot.ts";
import { type AccessRule, PORT, renderKeySet, renderKeys } from "./identity.config.ts";

const ALIAS = "identity";
/** The name of the sources (`003-003`). */
const SOURCES_ALIAS = "identity-service";

/** Relative to the project, as every build context. */
const IMAGE_CONTEXT = "examples/identity";

/** Where the image looks for what is installed. */
const DATA_PATH = "/var/lib/identity";

export interface IdentityArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** Image of Debian on which the service is built. No default on purpose. */
  readonly baseImage: string;
  /** An image that is made like `examples/identity`. That one is built unless given. */
  readonly image?: string;
  readonly network: NetworkHandle;
  readonly limits: ResourceLimits;
  readonly gateway: Gateway;
  /** Below it people log in, without a token: `<prefix>/auth/login`. */
  readonly routePrefix: string;
  readonly metrics: MetricsDiscovery;
  /** Ids of the keys. The first one signs; the others are still good for the tokens that they signed. */
  readonly keys: readonly string[];
  /** Secrets of keys, by their ids. Those that are not here are generated. */
  readonly givenKeys: Readonly<Record<string, pulumi.Output<string>>>;
  /** The users as JSON. One administrator with a generated password unless given. */
  readonly users?: pulumi.Output<string>;
  readonly access: readonly AccessRule[];
  readonly tokenLifetimeSeconds: number;
  readonly logLevel: string;
}

/**
 * Who is a client, and may it do that (`003-001`)? Keys, users and rules are put on a volume by a container that ends,
 * and the running service takes them at once: a rotated key restarts nothing. It needs no other service.
 */
export class Identity extends pulumi.ComponentResource implements IdentityService {
  public readonly url = `http://${SOURCES_ALIAS}:${PORT}`;
  public readonly keys: TokenKeys;
  /** Who can log in when no users are given. */
  public readonly administrator?: { readonly user: string; readonly password: pulumi.Output<string> };
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: IdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:identity:Identity", name, {}, opts);
    const keys = this.createKeys(name, args);
    this.keys = { signing: keys.apply(([first]) => first?.secret ?? ""), all: keys.apply(renderKeySet) };
    if (args.users === undefined) {
      const password = generateReplaceablePassword(`${name}-admin-password`, this);
      this.administrator = { user: "admin@storytelling.internal", password };
    }
    const image = args.image === undefined ? this.createImage(name, args.baseImage) : undefined;
    const volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    const common: CommonArgs = {
      user: args.image === undefined ? { name: "identity" } : { ofImage: "the image is not ours" },
      rootFilesystem: { readOnly: true },
      image: image?.reference ?? args.image ?? "",
      mounts: [{ volume: args.volumeName, path: DATA_PATH }],
      limits: args.limits,
    };
    const requirements = [...args.network.ready, volume, ...(image === undefined ? [] : [image])];
    const installed = this.install(name, args, common, keys.apply(renderKeys), requirements);
    this.ready = [this.createServer(name, args, common, [...requirements, installed.succeeded])];
    this.registerOutputs({ url: this.url });
  }

  private createKeys(name: string, { keys, givenKeys }: IdentityArgs) {
    const secrets = keys.map((id) =>
      pulumi
        .secret(givenKeys[id] ?? generateReplaceablePassword(`${name}-key-${id}`, this))
        .apply((secret) => ({ id, secret })),
    );
    return pulumi.secret(pulumi.all(secrets));
  }

  private createImage(name: string, baseImage: string): BuiltImage {
    return new BuiltImage(
      `${name}-image`,
      {
        repository: "storytelling/identity",
        context: IMAGE_CONTEXT,
        buildArguments: { BASE_IMAGE: baseImage },
      },
      { parent: this },
    );
  }

  private install(
    name: string,
    args: IdentityArgs,
    common: CommonArgs,
    keys: pulumi.Output<string>,
    requirements: readonly pulumi.Resource[],
  ): OneShot {
    return new OneShot(
      `${name}-install`,
      {
        ...common,
        containerName: `${args.containerName}-install`,
        networks: [{ name: args.network.name }],
        command: ["python", "-m", "identity_service.install"],
        labels: { service: `${ALIAS}-install` },
        environment: {
          IDENTITY_KEYS: keys,
          IDENTITY_ACCESS: JSON.stringify(args.access),
          ...(args.users === undefined ? {} : { IDENTITY_USERS: args.users }),
          ...(this.administrator === undefined
            ? {}
            : { IDENTITY_ADMIN_PASSWORD: this.administrator.password }),
        },
      },
      { parent: this, dependsOn: [...requirements] },
    );
  }

  private createServer(
    name: string,
    args: IdentityArgs,
    common: CommonArgs,
    dependsOn: pulumi.Input<pulumi.Resource>[],
  ): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        ...common,
        containerName: args.containerName,
        networks: [{ name: args.network.name, aliases: [ALIAS, SOURCES_ALIAS] }],
        labels: {
          service: ALIAS,
          ...args.metrics.scrapeLabels({ job: ALIAS, port: PORT, path: "/metrics" }),
          ...args.gateway.routeLabels({
            name: ALIAS,
            prefix: args.routePrefix,
            match: "segments",
            strip: { name: `strip-${ALIAS}`, prefix: args.routePrefix },
            priority: 100,
            // Who guesses passwords gets the stricter limit.
            rateLimit: "rate-limit-public",
            port: PORT,
            health: { path: "/health", interval: "10s", timeout: "5s" },
          }),
        },
        environment: {
          SERVICE_NAME: SOURCES_ALIAS,
          SERVICE_PORT: String(PORT),
          LOG_LEVEL: args.logLevel,
          TOKEN_LIFETIME_SECONDS: String(args.tokenLifetimeSeconds),
        },
        health: httpProbe(PORT, "/health", PLATFORM_TIMING),
      },
      { parent: this, dependsOn },
    );
  }
}

/** What the service has in common with the container that installs its file. */
type CommonArgs = Pick<ManagedContainerArgs, "image" | "mounts" | "limits" | "user" | "rootFilesystem">;
