import * as pulumi from "@pulumi/pulumi";
import { DataVolume } from "../core/data-volume.ts";
import { generatePassword } from "../core/generated-password.ts";
import type { GraphStore, NetworkHandle } from "../core/handles.ts";
import { UPLOADED_FILES } from "../core/hardening.ts";
import { commandProbe, type ProbeTiming } from "../core/health.ts";
import { ManagedContainer, type ResourceLimits } from "../core/managed-container.ts";
import { AUTH_PATH, BOLT_PORT, DATA_PATH, HTTP_PORT, renderNeo4jSettings, USER } from "./neo4j.config.ts";

export interface Neo4jArgs {
  readonly containerName: string;
  readonly volumeName: string;
  /** An official `neo4j` image of version 5, community edition. No default on purpose. */
  readonly image: pulumi.Input<string>;
  readonly network: NetworkHandle;
  /** Half of the memory is the heap of the JVM, a quarter the cache of the graph. */
  readonly limits: ResourceLimits;
}

const ALIAS = "neo4j";

/** A JVM takes a while to start. */
const TIMING: ProbeTiming = { interval: "10s", timeout: "5s", retries: 5, startPeriod: "2m" };

/**
 * One Neo4j server for the stages that list it (`000-031`). Stateful: the graph is in a protected volume, and the
 * password, which counts at the first start only, is as protected as that (`000-033`).
 */
export class Neo4j extends pulumi.ComponentResource implements GraphStore {
  public readonly url = `bolt://${ALIAS}:${BOLT_PORT}`;
  public readonly user = USER;
  public readonly password: pulumi.Output<string>;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: Neo4jArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:neo4j:Neo4j", name, {}, opts);
    const volume = new DataVolume(`${name}-data`, args.volumeName, { parent: this });
    this.password = generatePassword(`${name}-password`, this);
    this.ready = [this.createServer(name, args, volume)];
    this.registerOutputs({ url: this.url });
  }

  private createServer(name: string, args: Neo4jArgs, volume: DataVolume): ManagedContainer {
    return new ManagedContainer(
      `${name}-server`,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: args.network.name, aliases: [ALIAS] }],
        labels: { service: ALIAS },
        // As this user the image's entry point has nothing to hand over, for which it would need capabilities.
        user: { name: "neo4j" },
        rootFilesystem: { writable: UPLOADED_FILES },
        environment: renderNeo4jSettings(args.limits.memory),
        files: [{ path: AUTH_PATH, content: pulumi.interpolate`${USER}/${this.password}` }],
        mounts: [{ volume: args.volumeName, path: DATA_PATH }],
        // Its web server answers once the graph is open; a shell of Cypher would start a JVM for each question.
        health: commandProbe(
          ["wget", "--quiet", "--output-document", "/dev/null", `http://localhost:${HTTP_PORT}`],
          TIMING,
        ),
        limits: args.limits,
        stopGraceSeconds: 60,
      },
      { parent: this, dependsOn: [...args.network.ready, volume] },
    );
  }
}
