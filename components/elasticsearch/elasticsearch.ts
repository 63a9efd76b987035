import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { generatePassword } from "../core/generated-password.ts";
import type { DocumentStore, NetworkHandle } from "../core/handles.ts";
import { commandProbe, type ProbeTiming } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { DATA_PATH, PORT, renderElasticsearchSettings, USER } from "./elasticsearch.config.ts";

export interface ElasticsearchArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** An official `elasticsearch` image of version 8 or 9. No default on purpose. */
  readonly image: pulumi.Input<string>;
  readonly network: NetworkHandle;
  /** Half of the memory is the heap of the JVM. */
  readonly limits: ResourceLimits;
}

const ALIAS = "elasticsearch";

/** A JVM takes a while to start. */
const TIMING: ProbeTiming = { interval: "10s", timeout: "5s", retries: 5, startPeriod: "2m" };

/**
 * One Elasticsearch node for the stages that list it (`000-030`). Stateful: the index is in a protected volume, and the
 * password, which counts at the first start only, is as protected as that.
 */
export class Elasticsearch extends pulumi.ComponentResource implements DocumentStore {
  public readonly url = `http://${ALIAS}:${PORT}`;
  public readonly user = USER;
  public readonly password: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: ElasticsearchArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:elasticsearch:Elasticsearch", name, {}, opts);
    const volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    this.password = generatePassword(`${name}-password`, this);
    this.ready = [this.createServer(name, args, volume)];
    this.registerOutputs({ url: this.url });
  }

  private createServer(name: string, args: ElasticsearchArgs, volume: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: { service: ALIAS },
        environment: {
          ...renderElasticsearchSettings(args.limits.memory),
          // Not as a file: the image takes one only if nobody but its owner can read it, and an upload belongs to root.
          ELASTIC_PASSWORD: this.password,
        },
        // The image's own: files of its folders belong to this user and to the group of root.
        user: { name: "1000:0" },
        rootFilesystem: {
          writable: "it writes its keystore, its settings and its logs beside the program when it starts",
        },
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        health: commandProbe(["bash", "-c", healthCommand()], TIMING),
        limits: args.limits,
        stopGraceSeconds: 60,
      },
      { parent: this, dependsOn: [...args.network.ready, volume] },
    );
  }
}

/** A single node is yellow at best: a copy of a shard would need a second one. */
function healthCommand(): string {
  const question = `http://localhost:${PORT}/_cluster/health?wait_for_status=yellow&timeout=4s`;
  return `curl --silent --fail --user "${USER}:$ELASTIC_PASSWORD" "${question}"`;
}
