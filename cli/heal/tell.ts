import type { Drift } from "./drift.ts";

/** What was found and what is done about it, in one line. */
export function describeDrift(drift: Drift): string {
  switch (drift.kind) {
    case "container-missing":
      return `container ${drift.name} was removed: it is created again`;
    case "container-stopped":
      return `container ${drift.found.name} is ${describeStatus(drift.found)}: it is started`;
    case "one-shot-failed":
      return `container ${drift.found.name} ended with exit code ${drift.found.exitCode}: it runs again`;
    case "container-relimited":
      return `container ${drift.found.name} was changed (${drift.changes.join(", ")}): it is set back`;
    case "container-detached":
      return `container ${drift.found.name} is not found in network ${drift.membership.network} as it should be: it joins again`;
    case "container-replaced":
      return `container ${drift.found.name} was replaced by hand: it is created again`;
    case "container-orphaned":
      return `container ${drift.found.name} (${drift.found.id.slice(0, 12)}) was left by a killed run: it is removed`;
    case "network-missing":
      return `network ${drift.name} was removed: it is created again${withMembers(drift.members)}`;
    case "network-orphaned":
      return `network ${drift.found.name} was left by a killed run: it is removed`;
    case "volume-missing":
      return `volume ${drift.name} was removed and its data is gone: it is created again, empty`;
    case "database-missing":
      return `database ${drift.name} was dropped and its data is gone: it is created again, empty`;
    case "database-altered":
      return `database ${drift.name} was altered (${drift.changes.join(", ")}): it is set back`;
    case "database-orphaned":
      return `database ${drift.name} was left half-made by a killed run: it is made again`;
    case "role-orphaned":
      return `role ${drift.name} was left half-made by a killed run: it is made again`;
    case "password-altered":
      return `the password of role ${drift.role} was altered: it is set back`;
    case "grant-altered":
      return `the privileges of ${drift.role === "public" ? "everybody" : `role ${drift.role}`} in database ${drift.database} were altered: they are set back`;
    case "role-missing":
      return `role ${drift.name} was dropped: it is created again`;
    case "role-altered":
      return `role ${drift.name} was altered (${drift.changes.join(", ")}): it is set back`;
  }
}

function describeStatus({
  status,
  exitCode,
}: {
  readonly status: string;
  readonly exitCode: number;
}): string {
  return status === "exited" ? `stopped (exit code ${exitCode})` : status;
}

function withMembers(members: readonly { readonly name: string }[]): string {
  return members.length === 0 ? "" : `, and with it ${members.map(({ name }) => name).join(", ")}`;
}
