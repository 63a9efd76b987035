import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import * as docker from "@pulumi/docker";
import type * as pulumi from "@pulumi/pulumi";
import { contextFiles } from "./build-context.ts";
import { UserError } from "./errors.ts";

export interface BuiltImageArgs {
  /** Repository of the tag that is built. */
  readonly repository: string;
  /** Folder with a Dockerfile, relative to the project. */
  readonly context: string;
  readonly buildArguments?: Readonly<Record<string, string>>;
}

/**
 * An image built from a folder. Its tag is a hash of what goes into the build, so that a changed file replaces
 * the containers that run it and an unchanged one replaces nothing.
 *
 * Throws a UserError when the folder has no Dockerfile.
 */
export class BuiltImage extends docker.RemoteImage {
  /** `repository:hash`, known before the image is built. */
  public readonly reference: string;

  public constructor(name: string, args: BuiltImageArgs, opts?: pulumi.CustomResourceOptions) {
    const hash = contextHash(args);
    const reference = `${args.repository}:${hash}`;
    super(
      name,
      {
        name: reference,
        build: {
          context: args.context,
          dockerfile: "Dockerfile",
          buildArgs: { ...args.buildArguments },
        },
        triggers: { context: hash },
        // An image that a stopped container or a rollback still needs is not the program's to remove.
        keepLocally: true,
      },
      opts,
    );
    this.reference = reference;
  }
}

/** Hash of every file that Docker would see (names, contents, execute bits) and of the build arguments. */
export function contextHash({ context, buildArguments = {} }: BuiltImageArgs): string {
  const hash = createHash("sha256").update(
    JSON.stringify(Object.entries(buildArguments).sort(([a], [b]) => (a < b ? -1 : 1))),
  );
  for (const path of checkedContextFiles(context)) {
    const file = join(context, path);
    const executable = (statSync(file).mode & 0o111) !== 0;
    hash.update(`\0${path}\0${executable}\0`).update(readFileSync(file));
  }
  return hash.digest("hex").slice(0, 12);
}

/** Throws a UserError when the folder cannot be read or has no Dockerfile. */
function checkedContextFiles(context: string): string[] {
  let files: string[];
  try {
    files = contextFiles(context);
  } catch {
    throw new UserError(
      `the image folder "${context}" cannot be read: give a folder of the project, or an image reference instead of a build`,
    );
  }
  if (!existsSync(join(context, "Dockerfile"))) {
    throw new UserError(
      `the image folder "${context}" has no Dockerfile: give a folder with one, or an image reference instead of a build`,
    );
  }
  return files;
}
