import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { ownerLabels, toLabelList } from "./labels.ts";

/**
 * A volume that holds data. Stateful: it is protected, survives a `destroy`, and never changes once made,
 * because the provider would empty it to change a label.
 */
export class DataVolume extends docker.Volume {
  /** Name on the host, known before the volume exists. */
  public readonly volumeName: string;

  public constructor(name: string, volumeName: string, opts: pulumi.CustomResourceOptions = {}) {
    super(
      name,
      { name: volumeName, labels: toLabelList(ownerLabels(name)) },
      { protect: true, retainOnDelete: true, ignoreChanges: ["labels"], ...opts },
    );
    this.volumeName = volumeName;
  }
}
