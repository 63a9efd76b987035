import type * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import type { NetworkHandle, Ready } from "../core/handles.ts";

/** What everything that is made in the server needs to know of it. */
export interface ServerContext extends Ready {
  readonly host: string;
  readonly port: number;
  /** Speaks to the server as its superuser. */
  readonly provider: postgresql.Provider;
  /** Whoever deletes it has deleted everything in the server. */
  readonly volume: pulumi.Resource;
  /** The server's image, which has `psql`. */
  readonly image: pulumi.Input<string>;
  /** Where the server is found by its host name. */
  readonly network: NetworkHandle;
}

/** Everything in the server is as protected as its volume, and gone with it. */
export function inServer(
  { provider, volume }: ServerContext,
  parent: pulumi.Resource,
): pulumi.CustomResourceOptions {
  return { parent, provider, protect: true, deletedWith: volume };
}
