import type { ContainerFacts, NetworkFacts } from "../docker/inventory.ts";

/** What a container may take, in the units of the Docker API. */
export interface ContainerLimits {
  readonly memory: number;
  readonly memorySwap: number;
  readonly memoryReservation: number;
  readonly nanoCpus: number;
  readonly restartPolicy: string;
}

/** A membership in a network, with the names by which the container is found there. */
export interface Membership {
  readonly network: string;
  readonly aliases: readonly string[];
}

/**
 * A difference between what the state says and what is there, that a plain `pulumi up` does not see or cannot
 * get over. Each kind has one way of being put right.
 */
export type Drift =
  | { readonly kind: "container-missing"; readonly urn: string; readonly name: string }
  | { readonly kind: "container-stopped"; readonly urn: string; readonly found: ContainerFacts }
  /** It ran to its end and said that it failed. */
  | { readonly kind: "one-shot-failed"; readonly urn: string; readonly found: ContainerFacts }
  | {
      readonly kind: "container-relimited";
      readonly found: ContainerFacts;
      readonly changes: readonly string[];
      readonly limits: ContainerLimits;
    }
  | { readonly kind: "container-detached"; readonly found: ContainerFacts; readonly membership: Membership }
  | { readonly kind: "container-replaced"; readonly urn: string; readonly found: ContainerFacts }
  | { readonly kind: "container-orphaned"; readonly found: ContainerFacts }
  | {
      readonly kind: "network-missing";
      readonly urn: string;
      readonly name: string;
      readonly members: readonly { readonly urn: string; readonly name: string; readonly id: string }[];
    }
  | { readonly kind: "network-orphaned"; readonly found: NetworkFacts }
  | { readonly kind: "volume-missing"; readonly urn: string; readonly name: string }
  | {
      readonly kind: "database-missing";
      readonly urn: string;
      readonly name: string;
      /** Resources in the database, gone with it, and what has to run again in the new one. */
      readonly contents: readonly string[];
    }
  | {
      readonly kind: "database-altered";
      readonly urn: string;
      readonly name: string;
      readonly changes: readonly string[];
    }
  | {
      readonly kind: "database-orphaned" | "role-orphaned";
      readonly name: string;
      /** Container of the database server. */
      readonly server: ContainerFacts;
    }
  | {
      readonly kind: "password-altered";
      readonly role: string;
      /** The right one. Secret. */
      readonly password: string;
      readonly server: ContainerFacts;
    }
  | {
      readonly kind: "grant-altered";
      readonly urn: string;
      readonly role: string;
      readonly database: string;
    }
  | { readonly kind: "role-missing"; readonly urn: string; readonly name: string }
  | {
      readonly kind: "role-altered";
      readonly urn: string;
      readonly name: string;
      readonly changes: readonly string[];
    };
