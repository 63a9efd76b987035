import * as pulumi from "@pulumi/pulumi";

/** Environment variables of a container. A secret value stays secret in state and diff. */
export type Environment = Readonly<Record<string, pulumi.Input<string>>>;

/** Sorted `KEY=value` entries, the form that Docker takes. */
export function toEnvironmentList(environment: Environment): pulumi.Input<string>[] {
  return Object.entries(environment)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) =>
      typeof value === "string" ? `${key}=${value}` : pulumi.interpolate`${key}=${value}`,
    );
}
