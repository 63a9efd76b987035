import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { assertNoProblems } from "../core/errors.ts";
import type {
  DocumentStore,
  GraphStore,
  IdentityService,
  NetworkHandle,
  OtlpEndpoint,
  PostgresServer,
  Ready,
  SharedRedisServer,
} from "../core/handles.ts";
import { ManagedContainer } from "../core/managed-container.ts";
import { OneShot } from "../core/one-shot.ts";
import type { LogLevel, StageDefinition, StageImage } from "./definition.ts";
import { definitionProblems } from "./definition-problems.ts";
import { connectionSecrets } from "./environment/connection-secrets.ts";
import type { StageConnections } from "./environment/connections.ts";
import type { SecretReader } from "./environment/secrets.ts";
import { containerNames, isEntry, numbered, usesStore, volumeName } from "./names.ts";
import type { Discovery } from "./service-labels.ts";
import { ownVolumes } from "./service-mounts.ts";
import type { SharedFiles } from "./shared-files.ts";
import { type StageContext, serviceContainers } from "./stage-containers.ts";
import { createStageDatabases, type StageDatabases } from "./stage-databases.ts";
import { createStageRedis, type StageRedis } from "./stage-redis.ts";

/** What the platform offers a stage. */
export interface StagePlatform extends Discovery {
  readonly network: NetworkHandle;
  readonly broker: SharedRedisServer;
  readonly cache: SharedRedisServer;
  readonly postgres: PostgresServer;
  /** Absent where nothing takes traces. */
  readonly tracing?: OtlpEndpoint;
  /** Where the host listens for the entry. It is reached through the gateway unless given. */
  readonly entryPort?: StageContext["entryPort"];
  /** Absent where the store is off; a stage that lists it is refused before. */
  readonly documents?: DocumentStore;
  readonly graph?: GraphStore;
  /** Absent where nobody says who clients are; a service that asks is refused before. */
  readonly identity?: IdentityService;
}

/** An image that is on the host once `ready` is. */
export interface ResolvedImage extends Ready {
  readonly reference: string;
}

export interface StageArgs {
  readonly definition: StageDefinition;
  /** Every stage of the deployment, this one included. */
  readonly peers: readonly StageDefinition[];
  /** Whether the containers run. The data is there either way, so that switching a stage off loses nothing. */
  readonly enabled: boolean;
  readonly platform: StagePlatform;
  /** The volumes by which the stages of the deployment share files. */
  readonly sharedFiles: SharedFiles;
  /** Entries of the stages that this one calls: its services start after them (`004-027`). None unless given. */
  readonly called?: readonly pulumi.Resource[];
  /** Turns what a definition says of an image into one that is on the host. */
  readonly resolveImage: (image: StageImage) => ResolvedImage;
  /** Gives a secret of the configuration. */
  readonly secret: SecretReader;
  /** Password of the stage's database user. Generated unless given (`000-029`, C-12). */
  readonly databasePassword?: pulumi.Output<string>;
  /** Log level of stages that set none. */
  readonly defaultLogLevel: LogLevel;
}

/**
 * One stage of the pipeline, attached to the platform: its data, and every container with its environment, labels,
 * route, probe and limits. Jobs run to their end first. Nothing of it touches a shared container, so attaching, changing
 * or removing a stage restarts none.
 *
 * Throws a UserError that tells every problem of the definition at once.
 */
export class Stage extends pulumi.ComponentResource {
  /** Names of the containers that run; those of jobs have ended. */
  public readonly containers: readonly string[];
  /** The containers to which the gateway leads, for stages that call this one. None while it is switched off. */
  public readonly entry: readonly pulumi.Resource[];
  /** Passwords of what the stage connects to, for whoever runs it by something else than the program. */
  public readonly secrets: Readonly<Record<string, pulumi.Output<string>>>;
  private readonly databases: StageDatabases;
  private readonly redis: StageRedis;
  private readonly volumes: readonly DataVolume[];

  public constructor(name: string, args: StageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:stage:Stage", name, {}, opts);
    const { definition, enabled } = args;
    assertNoProblems(
      `The definition of stage "${definition.name}" is not valid:`,
      definitionProblems(definition),
    );
    this.databases = this.createDatabases(name, args);
    this.redis = createStageRedis(name, args, this);
    this.secrets = connectionSecrets(definition, this.connections(args));
    this.volumes = this.createVolumes(name, definition);
    const jobs = enabled ? this.createJobs(name, args) : [];
    this.entry = enabled ? this.createServices(name, args, jobs) : [];
    this.containers = enabled
      ? Object.keys(definition.services).flatMap((service) => containerNames(definition, service))
      : [];
    this.registerOutputs({ containers: this.containers });
  }

  private createDatabases(name: string, args: StageArgs): StageDatabases {
    const { definition, peers, platform, enabled, databasePassword } = args;
    return createStageDatabases(
      name,
      {
        definition,
        peers,
        enabled,
        postgres: platform.postgres,
        ...(databasePassword === undefined ? {} : { password: databasePassword }),
      },
      this,
    );
  }

  private createVolumes(name: string, definition: StageDefinition): DataVolume[] {
    return ownVolumes(definition).map(
      (volume) => new DataVolume(`${name}-${volume}`, volumeName(definition, volume), { parent: this }),
    );
  }

  /** Jobs in the order of the definition, each after the one before. */
  private createJobs(name: string, args: StageArgs): OneShot[] {
    const jobs: OneShot[] = [];
    for (const [serviceName, { kind }] of Object.entries(args.definition.services)) {
      if (kind !== "job") continue;
      const dependsOn = this.requirements(args, serviceName, jobs);
      for (const container of serviceContainers(args.definition, serviceName, this.context(args))) {
        const { health: _health, restart: _restart, ...job } = container;
        jobs.push(new OneShot(`${name}-${serviceName}`, job, { parent: this, dependsOn }));
      }
    }
    return jobs;
  }

  /** Everything that keeps running. The containers of the entry. */
  private createServices(name: string, args: StageArgs, jobs: readonly OneShot[]): ManagedContainer[] {
    return Object.entries(args.definition.services).flatMap(([serviceName, service]) => {
      if (service.kind === "job") return [];
      const dependsOn = [...this.requirements(args, serviceName, jobs), ...(args.called ?? [])];
      const logicalNames = numbered(`${name}-${serviceName}`, service.replicas ?? 1);
      const containers = serviceContainers(args.definition, serviceName, this.context(args)).map(
        (container, index) =>
          new ManagedContainer(logicalNames[index] ?? name, container, { parent: this, dependsOn }),
      );
      return isEntry(service) ? containers : [];
    });
  }

  private context(args: StageArgs): StageContext {
    const { platform, resolveImage, secret, defaultLogLevel } = args;
    return {
      network: platform.network.name,
      gateway: platform.gateway,
      metrics: platform.metrics,
      ...(platform.entryPort === undefined ? {} : { entryPort: platform.entryPort }),
      connections: this.connections(args),
      imageReference: (image) => resolveImage(image).reference,
      secret,
      defaultLogLevel,
    };
  }

  private connections({ definition, platform, peers }: StageArgs): StageConnections {
    const { tracing, documents, graph, identity } = platform;
    return {
      ...(tracing === undefined ? {} : { tracing }),
      peers,
      ...this.redis.connections,
      ...this.databases.connections,
      ...(documents !== undefined && usesStore(definition, "elasticsearch") ? { documents } : {}),
      ...(graph !== undefined && usesStore(definition, "neo4j") ? { graph } : {}),
      ...(identity === undefined ? {} : { identity }),
    };
  }

  /** Stores first: an application opens its connections when it starts (`000-195`). Then jobs, which have succeeded. */
  private requirements(
    { definition, platform, resolveImage, sharedFiles }: StageArgs,
    serviceName: string,
    jobs: readonly OneShot[],
  ): pulumi.Input<pulumi.Resource>[] {
    const image = resolveImage(definition.services[serviceName]?.image ?? definition.image);
    const files = [definition.name, ...(definition.reads?.files ?? [])].map((name) => sharedFiles.get(name));
    return [
      ...[platform.network, image].flatMap(({ ready }) => ready),
      ...this.redis.ready,
      ...this.databases.ready,
      ...this.volumes,
      ...files.filter((volume) => volume !== undefined),
      ...jobs.map((job) => job.succeeded),
    ];
  }
}
