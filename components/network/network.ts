import * as docker from "@pulumi/docker";
import * as pulumi from "@pulumi/pulumi";
import type { NetworkHandle } from "../core/handles.ts";
import { ownerLabels, toLabelList } from "../core/labels.ts";

export interface NetworkArgs {
  /** Name on the host, exactly as given (`000-015`). */
  readonly networkName: string;
  /** An internal network has no way out of the host. It has one unless given. */
  readonly internal?: boolean;
}

/** A bridge network of the host. Containers join it by its static name and find each other by alias. */
export class Network extends pulumi.ComponentResource implements NetworkHandle {
  public readonly name: string;
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
    super("storytelling:network:Network", name, {}, opts);
    const network = new docker.Network(
      `${name}-bridge`,
      {
        name: args.networkName,
        driver: "bridge",
        internal: args.internal ?? false,
        labels: toLabelList(ownerLabels(`${name}-bridge`)),
      },
      // Two networks of one name may not exist at a time.
      { parent: this, deleteBeforeReplace: true },
    );
    this.name = args.networkName;
    this.ready = [network];
    this.registerOutputs({ name: this.name });
  }
}
