import type { Schema } from "./schema.ts";
import type { PropertyMap } from "./values.ts";

/** A thing as it is now: its id and all its outputs. */
export interface Snapshot {
  readonly id: string;
  readonly outputs: PropertyMap;
}

export interface CreateRequest {
  /** Outputs as far as the inputs tell; what only the real thing can tell is null. */
  readonly planned: PropertyMap;
  /** Aborted when the deployment is cancelled. */
  readonly signal: AbortSignal;
}

export interface UpdateRequest {
  readonly id: string;
  readonly old: PropertyMap;
  /** The old outputs overlaid with the new inputs. */
  readonly planned: PropertyMap;
  /** Top-level properties that differ between the two. */
  readonly changed: ReadonlySet<string>;
}

export interface DeleteRequest {
  readonly id: string;
  readonly outputs: PropertyMap;
  readonly signal: AbortSignal;
}

/** One resource type: what its properties are, and the four things that can be done with it. */
export interface Resource<Client> {
  /** Pulumi type token, such as `docker:index/network:Network`. */
  readonly type: string;
  readonly schema: Schema;
  /** The upstream's private note in the state (`__meta`): schema version and time limits. */
  readonly meta?: string;
  /** Whether a replacement deletes first, where the program does not say. */
  readonly deleteBeforeReplace: "always" | "when named" | "never";
  create(client: Client, request: CreateRequest): Promise<Snapshot>;
  /** `outputs` is the last known state. Undefined: the thing is gone. */
  read(client: Client, id: string, outputs: PropertyMap): Promise<Snapshot | undefined>;
  update(client: Client, request: UpdateRequest): Promise<PropertyMap>;
  delete(client: Client, request: DeleteRequest): Promise<void>;
}
