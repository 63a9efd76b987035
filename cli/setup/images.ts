import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import { BASE_IMAGE, type OfflineImageName, offlineReference } from "../../offline/images/catalogue.ts";
import { contextHashes } from "../../offline/images/context-hash.ts";
import { readHostFacts } from "../../offline/images/host-facts.ts";
import { connectDocker } from "../docker/engine.ts";
import { buildMissingImage } from "./image-build.ts";
import { pullImages } from "./image-pull.ts";
import { type LocalImages, listLocalImages } from "./local-images.ts";
import { recall, remember, type Substitute } from "./memory.ts";
import { createReporter, type Reporter } from "./reporter.ts";

/** An image that the platform runs. */
export interface WantedImage {
  /** What the caller calls it, for example `loki`. */
  readonly name: string;
  /** Official reference, for example `grafana/loki:3.7.8`. */
  readonly official: string;
  /** The image that can be built in its place; without one it can only be pulled. */
  readonly offline?: OfflineImageName;
  /** Whether something does not work without it. Else it is left out where it cannot be had. */
  readonly required?: boolean;
}

export interface ImageOptions {
  /** Tries to pull again what an earlier run could not. */
  readonly checkOfficial?: boolean;
}

/** What stands in for each image that could not be pulled, by official reference. */
type Substitutes = Readonly<Record<string, Substitute>>;

/**
 * Makes sure that the host has each image: the official one if it is there or can be pulled, else the one built
 * here. Returns the reference to run by the caller's name; undefined for an image that cannot be had. Throws a
 * UserError for one that cannot be had and is required.
 *
 * One request to Docker when an earlier run has done it and nothing changed since.
 */
export async function ensureImages(
  wanted: readonly WantedImage[],
  reporter: Reporter = createReporter(),
  { checkOfficial = false }: ImageOptions = {},
): Promise<ReadonlyMap<string, string | undefined>> {
  const docker = connectDocker();
  const local = await listLocalImages(docker);
  const substitutes = await decideSubstitutes(docker, wanted, local, reporter, checkOfficial);
  const built = wanted.flatMap(({ official, offline }) =>
    offline !== undefined && substitutes[official] === "offline" ? [offline] : [],
  );
  if (built.length > 0) await buildOutdated(docker, built, local, reporter);
  const missing = wanted.filter(({ official }) => substitutes[official] === "unavailable");
  for (const { name, official, required = false } of missing) {
    if (required) throw missingImage(name, official);
    reporter.notice(`${name} is left out: ${official} cannot be pulled here and is in no package registry`);
  }
  return new Map(wanted.map((image) => [image.name, chosenReference(image, substitutes[image.official])]));
}

function missingImage(name: string, official: string): UserError {
  return new UserError(
    `${name}.enabled: got true, but its image ${official} is not on this host, cannot be pulled here and is in no package ` +
      `registry. Bring it with \`docker load\` (or, when a registry is in reach again, \`npm run up -- --check-official\`), name one of a mirror in images.${name}, or set ${name}.enabled to false.`,
  );
}

function chosenReference(
  { official, offline }: WantedImage,
  substitute: Substitute | undefined,
): string | undefined {
  if (substitute === undefined) return official;
  return substitute === "offline" && offline !== undefined ? offlineReference(offline) : undefined;
}

/** What stands in for each image that is not on the host and cannot be pulled. */
async function decideSubstitutes(
  docker: Docker,
  wanted: readonly WantedImage[],
  local: LocalImages,
  reporter: Reporter,
  checkOfficial: boolean,
): Promise<Substitutes> {
  const absent = wanted.filter(({ official }) => !local.has(official));
  if (absent.length === 0) return {};
  const { images: remembered = {} } = await recall();
  const known = checkOfficial ? {} : remembered;
  const undecided = absent.filter(({ official }) => known[official] === undefined);
  const pulled = undecided.length === 0 ? new Set() : await pullImages(docker, undecided, reporter);
  const substitutes = Object.fromEntries(
    absent
      .filter(({ official }) => !pulled.has(official))
      .map(({ official, offline }): [string, Substitute] => [
        official,
        known[official] ?? (offline === undefined ? "unavailable" : "offline"),
      ]),
  );
  if (undecided.length > 0) await remember({ images: { ...remembered, ...substitutes } });
  return substitutes;
}

/** Builds those images, and the one below them, that are missing or were built from something else. */
async function buildOutdated(
  docker: Docker,
  names: readonly OfflineImageName[],
  local: LocalImages,
  reporter: Reporter,
): Promise<void> {
  const host = await readHostFacts();
  const hashes = await contextHashes(host);
  const outdated = [...new Set([BASE_IMAGE, ...names])]
    .map((name) => ({ name, hash: hashes.get(name) ?? "", host }))
    .filter(({ name, hash }) => local.context(offlineReference(name)) !== hash);
  for (const [index, build] of outdated.entries()) {
    const title = `Image ${offlineReference(build.name)} (${index + 1} of ${outdated.length})`;
    await reporter.step(title, (progress) => buildMissingImage(docker, build, progress));
  }
}
