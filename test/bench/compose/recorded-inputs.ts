import type { ContainerInputs } from "../../support/container-inputs.ts";
import type { RegisteredResource } from "../../support/mocks.ts";

/** What else of a container's inputs a compose file needs. */
export interface RecordedContainer extends ContainerInputs {
  readonly hostname?: string;
  readonly restart: string;
  readonly init: boolean;
  readonly destroyGraceSeconds: number;
  readonly memoryReservation?: number;
  readonly healthcheck?: {
    readonly tests: readonly string[];
    readonly interval: string;
    readonly timeout: string;
    readonly retries: number;
    readonly startPeriod: string;
  };
}

type RecordedLabels = ContainerInputs["labels"];

export interface RecordedNetwork {
  readonly name: string;
  readonly driver: string;
  readonly internal: boolean;
  readonly labels: RecordedLabels;
}

export interface RecordedVolume {
  readonly name: string;
  readonly labels: RecordedLabels;
}

export interface RecordedRole {
  readonly name: string;
  readonly password: string;
  readonly connectionLimit?: number;
}

export interface RecordedDatabase {
  readonly name: string;
  readonly owner: string;
}

/** On the database itself, on a schema, or on everything of a kind in a schema. */
export interface RecordedGrant {
  readonly database: string;
  readonly role: string;
  readonly schema?: string;
  readonly objectType: "database" | "schema" | "table" | "sequence";
  readonly privileges: readonly string[];
}

/** The same on what an owner will make. */
export interface RecordedDefaultPrivileges extends RecordedGrant {
  readonly owner: string;
}

/** The inputs of a type, as the types above say them. The renderers' tests prove that they are like that. */
export interface RecordedTypes {
  readonly "docker:index/container:Container": RecordedContainer;
  readonly "docker:index/network:Network": RecordedNetwork;
  readonly "docker:index/volume:Volume": RecordedVolume;
  readonly "postgresql:index/role:Role": RecordedRole;
  readonly "postgresql:index/database:Database": RecordedDatabase;
  readonly "postgresql:index/grant:Grant": RecordedGrant;
  readonly "postgresql:index/defaultPrivileges:DefaultPrivileges": RecordedDefaultPrivileges;
}

/** A recorded resource with its inputs under their type. */
export interface Recorded<Inputs> {
  readonly urn: string;
  readonly options: RegisteredResource["options"];
  readonly inputs: Inputs;
}

export function recordedOf<Type extends keyof RecordedTypes>(
  resources: readonly RegisteredResource[],
  type: Type,
): Recorded<RecordedTypes[Type]>[] {
  return resources
    .filter((resource) => resource.type === type)
    .map(({ urn, options, inputs }) => ({ urn, options, inputs: inputs as unknown as RecordedTypes[Type] }));
}
