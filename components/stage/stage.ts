import * as pulumi from "@pulumi/pulumi";
import { assertNoProblems } from "../core/errors.ts";
import type {
  Gateway,
  MetricsDiscovery,
  NetworkHandle,
  OtlpEndpoint,
  PostgresDatabase,
  PostgresServer,
  Ready,
  RedisServer,
} from "../core/handles.ts";
import { type HealthProbe, httpProbe } from "../core/health.ts";
import type { Labels } from "../core/labels.ts";
import { ManagedContainer } from "../core/managed-container.ts";
import type { LogLevel, StageDefinition, StageImage, StageService } from "./definition.ts";
import { definitionProblems } from "./definition-problems.ts";
import {
  connectionLimit,
  containerName,
  databaseName,
  databaseUser,
  routePrefix,
  servicePort,
  stageProject,
} from "./names.ts";
import { stageEnvironment } from "./stage-environment.ts";

/** What the platform offers a stage. */
export interface StagePlatform {
  readonly network: NetworkHandle;
  readonly broker: RedisServer;
  readonly cache: RedisServer;
  readonly postgres: PostgresServer;
  readonly gateway: Gateway;
  readonly metrics: MetricsDiscovery;
  readonly tracing: OtlpEndpoint;
}

/** An image that is on the host once `ready` is. */
export interface ResolvedImage extends Ready {
  readonly reference: string;
}

export interface StageArgs {
  readonly definition: StageDefinition;
  /** Whether the containers run. The database is there either way, so that switching a stage off loses nothing. */
  readonly enabled: boolean;
  readonly platform: StagePlatform;
  /** Turns what a definition says of an image into one that is on the host. */
  readonly resolveImage: (image: StageImage) => ResolvedImage;
  /** Password of the stage's database user. Generated unless given (`000-029`, C-12). */
  readonly databasePassword?: pulumi.Output<string>;
  /** Log level of stages that set none. */
  readonly defaultLogLevel: LogLevel;
}

/** Health check of the load balancer: 10s / 5s (`000-079`, `000-080`). */
const LOAD_BALANCER_CHECK = { interval: "10s", timeout: "5s" } as const;

/**
 * One stage of the pipeline, attached to the platform: its database with an owner, and every container with
 * its environment, labels, route, probe and limits. Nothing of it touches a shared container, so attaching,
 * changing or removing a stage restarts none.
 *
 * Throws a UserError that tells every problem of the definition at once.
 */
export class Stage extends pulumi.ComponentResource {
  public readonly containers: readonly string[];
  public readonly database: PostgresDatabase;

  public constructor(name: string, args: StageArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:stage:Stage", name, {}, opts);
    assertNoProblems(
      `The definition of stage "${args.definition.name}" is not valid:`,
      definitionProblems(args.definition),
    );
    this.database = this.createDatabase(name, args);
    const services = args.enabled ? Object.entries(args.definition.services) : [];
    for (const [serviceName, service] of services) this.createService(name, args, serviceName, service);
    this.containers = services.map(([serviceName]) => containerName(args.definition, serviceName));
    this.registerOutputs({ containers: this.containers });
  }

  private createDatabase(
    name: string,
    { definition, platform, databasePassword }: StageArgs,
  ): PostgresDatabase {
    return platform.postgres.createDatabase(
      `${name}-database`,
      {
        database: databaseName(definition),
        owner: databaseUser(definition),
        connectionLimit: connectionLimit(definition),
        ...(databasePassword === undefined ? {} : { password: databasePassword }),
      },
      this,
    );
  }

  private createService(name: string, args: StageArgs, serviceName: string, service: StageService): void {
    const { definition, platform } = args;
    const image = args.resolveImage(service.image ?? definition.image);
    const physicalName = containerName(definition, serviceName);
    new ManagedContainer(
      `${name}-${serviceName}`,
      {
        containerName: physicalName,
        image: image.reference,
        hostname: physicalName,
        networks: [{ name: platform.network.name }],
        environment: stageEnvironment(
          definition,
          serviceName,
          { ...platform, database: this.database },
          args.defaultLogLevel,
        ),
        labels: serviceLabels(definition, platform, serviceName, service),
        health: probe(service),
        limits: service.limits,
        stopGraceSeconds: service.stopGraceSeconds ?? 30,
        ...(service.command === undefined ? {} : { command: service.command }),
      },
      { parent: this, dependsOn: this.requirements(platform, image) },
    );
  }

  /** Stores first: an application opens its connections when it starts (`000-195`). */
  private requirements(platform: StagePlatform, image: ResolvedImage): pulumi.Resource[] {
    return [platform.network, platform.broker, platform.cache, this.database, image].flatMap(
      ({ ready }) => ready,
    );
  }
}

/** `stage`, `service` and project of every container; the route on the orchestrator, the target where metrics are. */
function serviceLabels(
  stage: StageDefinition,
  platform: StagePlatform,
  serviceName: string,
  service: StageService,
): Labels {
  const port = servicePort(service);
  const metrics =
    service.metrics ??
    (service.kind === "orchestrator" && port !== undefined ? { port, path: "/metrics" } : undefined);
  return {
    stage: String(stage.number),
    service: serviceName,
    "com.docker.compose.project": stageProject(stage),
    ...(service.kind === "orchestrator" && port !== undefined
      ? routeLabels(stage, platform.gateway, port)
      : {}),
    ...(metrics === undefined ? {} : platform.metrics.scrapeLabels({ job: stageProject(stage), ...metrics })),
  };
}

function routeLabels(stage: StageDefinition, gateway: Gateway, port: number): Labels {
  return gateway.routeLabels({
    name: stageProject(stage),
    prefix: routePrefix(stage),
    stripName: `strip-stage${stage.number}`,
    priority: stage.route?.priority ?? 100,
    rateLimit: stage.route?.rateLimit ?? "rate-limit",
    port,
    health: { path: stage.route?.healthPath ?? "/health", ...LOAD_BALANCER_CHECK },
  });
}

function probe(service: StageService): HealthProbe {
  if (service.health !== undefined) return service.health;
  const port = servicePort(service);
  if (port === undefined) throw new Error("a service without a port needs a probe; the checks run before");
  return httpProbe(port, "/health");
}
