import type * as docker from "@pulumi/docker";
import type { Unwrap } from "@pulumi/pulumi";

const CONTAINER = "docker:index/container:Container";
const VOLUME = "docker:index/volume:Volume";

/** A container's inputs as a policy sees them: without outputs around them. */
export type ContainerInputs = Unwrap<docker.ContainerArgs>;

/** What the rules look at: a part of what the policy engine hands over, so that a test can write it down. */
export interface Checked {
  readonly type: string;
  readonly props: Readonly<Record<string, unknown>>;
  readonly opts: { readonly protect: boolean };
}

/** The inputs of a container; undefined for every other resource. */
export function containerOf({ type, props }: Checked): ContainerInputs | undefined {
  return type === CONTAINER ? (props as unknown as ContainerInputs) : undefined;
}

export function isVolume({ type }: Checked): boolean {
  return type === VOLUME;
}

/** A property as it came, which the policy engine otherwise shows without the marks of secrets and refuses while it is unknown. */
export function ownValue(props: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.getOwnPropertyDescriptor(props, name)?.value;
}

/** The value of a container's label, or undefined. */
export function labelOf({ labels = [] }: ContainerInputs, name: string): string | undefined {
  return labels.find(({ label }) => label === name)?.value;
}
