import type { InputStyle } from "./check.ts";
import type { Resource } from "./resource.ts";
import type { Schema } from "./schema.ts";
import type { PropertyMap } from "./values.ts";

/** One plugin: its configuration, its resource types and how it reaches the real service. */
export interface Provider<Client> {
  /** Package name, such as `docker`. */
  readonly name: string;
  /** Version of the official plugin whose behaviour it copies. */
  readonly version: string;
  readonly config: Schema;
  readonly style: InputStyle;
  /** Whether `diff` says what happens to each property, or only which ones force a replacement. */
  readonly detailedDiff: boolean;
  readonly resources: readonly Resource<Client>[];
  /** Values that the configuration takes from the environment when the program gives none. */
  readonly configDefaults?: (environment: NodeJS.ProcessEnv) => PropertyMap;
  /** Must not connect: a preview runs without the service. */
  readonly connect: (config: PropertyMap) => Client;
}
