import type { ManagedContainerArgs, Mount, PublishedPort } from "../components/core/managed-container.ts";

const COLUMNS = [
  "container",
  "user",
  "capabilities",
  "root file system",
  "memory",
  "CPUs",
  "networks",
  "ports of the host",
  "mounts",
] as const;

/** Begin and end of what is generated in `docs/security.md`. */
export const MARKERS = {
  begin: "<!-- begin of the containers, written by `npm run docs` -->",
  end: "<!-- end of the containers -->",
} as const;

/** Every container with its walls, and the reasons for what is missing, as Markdown. */
export function securityTable(containers: readonly ManagedContainerArgs[]): string {
  const reasons = new Reasons();
  const rows = containers
    .toSorted((a, b) => rank(a) - rank(b) || (a.containerName < b.containerName ? -1 : 1))
    .map((container) => line(row(container, reasons)));
  const table = [line(COLUMNS), line(COLUMNS.map(() => "---")), ...rows].join("\n");
  return `${table}\n\nReasons:\n\n${reasons.list()}\n`;
}

/** The document with the generated part replaced. Throws when it has no place for it. */
export function withSecurityTable(document: string, table: string): string {
  const [before, rest] = document.split(MARKERS.begin);
  const after = rest?.split(MARKERS.end)[1];
  if (before === undefined || after === undefined) {
    throw new Error(
      `docs/security.md has no place for the table: keep the lines "${MARKERS.begin}" and "${MARKERS.end}"`,
    );
  }
  return `${before}${MARKERS.begin}\n\n${table}\n${MARKERS.end}${after}`;
}

/** The same reason stands at several containers, and in the text once. */
class Reasons {
  readonly #texts: string[] = [];

  public note(reason: string): string {
    if (!this.#texts.includes(reason)) this.#texts.push(reason);
    return `(${this.#texts.indexOf(reason) + 1})`;
  }

  public list(): string {
    return this.#texts.map((text, index) => `${index + 1}. ${text}`).join("\n");
  }
}

/** The platform's containers before those of the stages. */
function rank({ labels }: ManagedContainerArgs): number {
  return Number(labels?.["stage"] ?? 0);
}

function row(container: ManagedContainerArgs, reasons: Reasons): string[] {
  const { containerName, limits, networks, ports = [], mounts = [] } = container;
  return [
    `\`${containerName}\``,
    userOf(container, reasons),
    (container.capabilities ?? []).map(({ name, reason }) => `${name} ${reasons.note(reason)}`).join(", ") ||
      "none",
    rootOf(container, reasons),
    limits.memory,
    String(limits.cpus),
    networks.map(({ name }) => name).join(", "),
    ports.map(portOf).join(", ") || "none",
    mounts.map(mountOf).join(", ") || "none",
  ];
}

function userOf({ user }: ManagedContainerArgs, reasons: Reasons): string {
  if ("name" in user) return `\`${user.name}\``;
  return "root" in user ? `root ${reasons.note(user.root)}` : `of the image ${reasons.note(user.ofImage)}`;
}

function rootOf({ rootFilesystem }: ManagedContainerArgs, reasons: Reasons): string {
  if ("writable" in rootFilesystem) return `writable ${reasons.note(rootFilesystem.writable)}`;
  const scratch = Object.keys(rootFilesystem.scratch ?? {}).map((path) => `\`${path}\``);
  return scratch.length === 0 ? "read-only" : `read-only, in memory: ${scratch.join(", ")}`;
}

function portOf({ address, host, container }: PublishedPort): string {
  return `${address}:${host} → ${container}`;
}

function mountOf(mount: Mount): string {
  const source = "volume" in mount ? mount.volume : `host \`${mount.hostPath}\``;
  return `${source} → \`${mount.path}\`${mount.readOnly === true ? ", read-only" : ""}`;
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
