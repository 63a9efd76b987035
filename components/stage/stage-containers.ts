import type * as pulumi from "@pulumi/pulumi";
import type { ManagedContainerArgs, NetworkAttachment, PublishedPort } from "../core/managed-container.ts";
import type { StageDefinition, StageImage, StageService } from "./definition.ts";
import { secretFiles } from "./environment/secrets.ts";
import { type StageSurroundings, stageEnvironment } from "./environment/stage-environment.ts";
import { eventLabels } from "./event-labels.ts";
import { eventSettings } from "./event-settings.ts";
import { gpuRequest } from "./gpu.ts";
import { containerName, containerNames, isEntry, numbered, servicePort } from "./names.ts";
import { serviceLimits } from "./profiles.ts";
import { serviceCommand } from "./service-command.ts";
import { renderedFile } from "./service-files.ts";
import { serviceHardening } from "./service-hardening.ts";
import { type Discovery, serviceLabels } from "./service-labels.ts";
import { serviceMounts } from "./service-mounts.ts";
import { serviceProbe } from "./service-probe.ts";

/** What the containers of a stage are made from, beside its definition. */
export interface StageContext extends StageSurroundings, Discovery {
  /** Name of the network that they join. */
  readonly network: string;
  /** Where the host listens for the entry. Nothing is published unless given. */
  readonly entryPort?: Omit<PublishedPort, "container">;
  /** Turns what a definition says of an image into a reference. */
  readonly imageReference: (image: StageImage) => pulumi.Input<string>;
}

/** Every container of one service, complete: one, or one for each replica. */
export function serviceContainers(
  stage: StageDefinition,
  serviceName: string,
  context: StageContext,
): ManagedContainerArgs[] {
  const service = stage.services[serviceName];
  if (service === undefined) throw new Error(`stage ${stage.name} has no service ${serviceName}`);
  const names = containerNames(stage, serviceName);
  const hostnames = service.hostname === undefined ? names : numbered(service.hostname, names.length);
  const common = commonArgs(stage, serviceName, service, context);
  return names.map((name, index) => ({
    ...common,
    containerName: name,
    // Unique, because consumers of one group tell each other apart by it (`002-027`).
    hostname: hostnames[index] ?? name,
  }));
}

function commonArgs(
  stage: StageDefinition,
  serviceName: string,
  service: StageService,
  context: StageContext,
): Omit<ManagedContainerArgs, "containerName" | "hostname"> {
  const { secret, connections, defaultLogLevel } = context;
  const health = serviceProbe(service);
  const command = serviceCommand(stage, service, defaultLogLevel);
  const files = [
    ...[...(service.files ?? []), ...eventSettings(stage, serviceName, connections)].map(renderedFile),
    ...secretFiles(service, secret),
  ];
  return {
    image: context.imageReference(service.image ?? stage.image),
    networks: [attachment(stage, serviceName, service, context.network)],
    environment: stageEnvironment(stage, serviceName, context),
    labels: {
      ...serviceLabels(stage, serviceName, service, context),
      ...(isEntry(service) ? eventLabels(stage, connections.peers) : {}),
    },
    health: health ?? { kind: "none", reason: "a job ends when it is done" },
    limits: serviceLimits(stage, serviceName),
    files,
    ...serviceHardening(service, files.length),
    ports: publishedPorts(service, context),
    mounts: serviceMounts(stage, service, connections.peers),
    stopGraceSeconds: service.stopGraceSeconds ?? 30,
    ...(command === undefined ? {} : { command }),
    ...given(service, ["entrypoint", "workingDirectory", "sharedMemory", "restart"]),
    ...(service.gpu === undefined ? {} : { gpus: gpuRequest(service.gpu) }),
  };
}

function publishedPorts(service: StageService, { entryPort }: StageContext): PublishedPort[] {
  const container = servicePort(service);
  if (entryPort === undefined || container === undefined || !isEntry(service)) return [];
  return [{ ...entryPort, container }];
}

/** Replicas are found together by the name that one container alone would have. */
function attachment(
  stage: StageDefinition,
  serviceName: string,
  service: StageService,
  network: string,
): NetworkAttachment {
  const shared = (service.replicas ?? 1) > 1 ? [containerName(stage, serviceName)] : [];
  const aliases = [...shared, ...(service.aliases ?? [])];
  return { name: network, ...(aliases.length === 0 ? {} : { aliases }) };
}

/** The fields that were given: an absent one and one that is undefined are different to a provider. */
function given<T extends object, Key extends keyof T>(
  source: T,
  keys: readonly Key[],
): Partial<Pick<T, Key>> {
  const entries = keys.filter((key) => source[key] !== undefined).map((key) => [key, source[key]] as const);
  return Object.fromEntries(entries) as Partial<Pick<T, Key>>;
}
