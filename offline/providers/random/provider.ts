import type { Provider } from "../bridge/provider.ts";
import { randomId } from "./random-id.ts";
import { randomPassword } from "./random-password.ts";

/** Stands in for the official random plugin 4.21.2. */
export const randomProvider: Provider<void> = {
  name: "random",
  version: "4.21.2",
  config: {},
  style: { emptyDefaults: false, emptyListIsNull: false },
  detailedDiff: false,
  resources: [randomPassword, randomId],
  connect: () => undefined,
};
