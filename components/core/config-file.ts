import type * as pulumi from "@pulumi/pulumi";

/**
 * A file put into a container before it starts. Another content is another container: a service never runs
 * with a configuration that its files no longer show.
 */
export interface ConfigFile {
  /** Absolute path in the container. */
  readonly path: string;
  readonly content: pulumi.Input<string>;
  /** Octal mode. Files are readable by everyone unless given, because official images run under different users. */
  readonly mode?: `0${number}`;
}
