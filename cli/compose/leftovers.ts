import { isDeepStrictEqual } from "node:util";
import type { Problem } from "../../components/core/errors.ts";
import type { ComposeMount, ComposeProject, ComposeService } from "./project.ts";

/** Something of a compose file that a definition does not have: where it stands, why, and what to do. */
export type Leftover = Problem;

/** Why a key is not in a definition. The first that fits a key is told. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^ports/,
    "a stage publishes no port of the host; the gateway leads to the entry, others are reached by name (000-042)",
  ],
  [
    /^networks/,
    "a stage's containers join the platform's network alone; others find them there by name (000-018)",
  ],
  [
    /^depends_on/,
    "services start together, after the stage's jobs; let the application wait for what it needs, or make the other one a job",
  ],
  [/^volumes\..*\.source$/, "the volume has the platform's name; copy what is in the old one"],
  [/^volumes/, "only named volumes are carried over; bring the files with the image, or name a volume"],
  [
    /^env_file/,
    "the file is not read; give its variables in the definition, and secrets in the configuration",
  ],
  [/^profiles/, "a service of a definition always runs; take it out of the definition to leave it away"],
  [/^labels\.traefik/, "the routes are derived; give what differs in `route` or `routes`"],
  [/^labels/, "a definition has no labels; the platform sets those that it reads"],
  [/^build/, "an image is built from a folder by its Dockerfile; put other settings there"],
  [
    /^(secrets|configs)/,
    "only secrets of the configuration and .yaml, .yml or .json files are carried over; bring others with the image",
  ],
  [/^deploy\.resources\.reservations\.cpus/, "on one host memory is reserved, and no CPU"],
  [
    /^deploy\.resources/,
    "limits are carried over when both CPUs and memory are given; the profile's are taken",
  ],
  [/^restart/, 'allowed are "unless-stopped", "on-failure" and "no"'],
  [
    /^tmpfs/,
    "a container with a read-only root has `/tmp` in memory, 64 MB of it, and no other folder; name a volume",
  ],
  [
    /^(init|logging|cap_drop|cap_add|security_opt|memswap_limit)/,
    "the platform sets this for every container",
  ],
  [
    /^(privileged|network_mode|pid|ipc|devices)/,
    "a stage's container has no rights on the host; leave it out",
  ],
];

/** What Compose sets itself, what says nothing about the container, and variables, which are told of where they are read. */
const NOT_TOLD = /^(environment\.|labels\.com\.docker\.|x-|expose|build\.args\.BASE_IMAGE$)/;

/** Everything in a service of a file that the same service of the definition does not have. */
export function serviceLeftovers(key: string, given: ComposeService, derived: ComposeService): Leftover[] {
  return differences(given, derived)
    .filter(({ path }) => !NOT_TOLD.test(path))
    .map((difference) => ({ key: `services.${key}.${difference.path}`, reason: reasonOf(difference) }));
}

/** Keys at the top level of a file of which no definition has any. */
export function topLeftovers(project: ComposeProject): Leftover[] {
  const known = new Set(["name", "version", "services", "networks", "volumes", "configs", "secrets"]);
  return Object.keys(project)
    .filter((key) => !known.has(key) && !key.startsWith("x-"))
    .map((key) => ({ key, reason: "a definition has no word for it" }));
}

interface Difference {
  readonly path: string;
  readonly given: unknown;
  /** What stands there instead. */
  readonly derived: unknown;
}

/** Only what the definition comes to is shown: what the file has may be a secret. */
function reasonOf({ path, given, derived }: Difference): string {
  const reason = REASONS.find(([pattern]) => pattern.test(path))?.[1];
  const why =
    reason ??
    (JSON.stringify(given).includes("${")
      ? "its variables were replaced by their defaults; write the whole value in the definition"
      : "a definition has no word for it");
  return typeof derived === "string" ? `${why}; it is "${derived}" here` : why;
}

/** Parts of the first that are not in the second. */
function differences(given: unknown, derived: unknown, path = ""): Difference[] {
  if (given === undefined || isDeepStrictEqual(given, derived)) return [];
  if (path === "volumes") return mountDifferences(given as readonly ComposeMount[], derived);
  if (isEntry(path)) return [{ path, given, derived }];
  if (isEmpty(given)) return [];
  if (!isMap(given)) return [{ path, given, derived }];
  const other = isMap(derived) ? derived : {};
  return Object.entries(given).flatMap(([key, value]) =>
    differences(value, other[key], path === "" ? key : `${path}.${key}`),
  );
}

/** What is one thing, although it is written as a map. */
function isEntry(path: string): boolean {
  return /^(depends_on|networks)\.[^.]+$/.test(path);
}

/** A mount is known by where it leads to. */
function mountDifferences(given: readonly ComposeMount[], derived: unknown): Difference[] {
  const known = (derived ?? []) as readonly ComposeMount[];
  return given.flatMap((mount) => {
    const other = known.find(({ target }) => target === mount.target);
    const path = `volumes.${mount.target}`;
    return other === undefined ? [{ path, given: mount, derived: other }] : differences(mount, other, path);
  });
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEmpty(value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}
