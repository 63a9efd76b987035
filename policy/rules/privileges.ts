import type { ContainerInputs } from "../resource.ts";

/** Containers that may hold the Docker socket, by their names on the host. */
export interface Privileges {
  readonly socketHolders: readonly string[];
}

const SOCKET = /(^|\/)docker\.sock$/;

/** Ways out of the container. */
export function privilegeProblems(container: ContainerInputs, { socketHolders }: Privileges): string[] {
  const name = container.name ?? "";
  const { networkMode, pidMode, ipcMode, usernsMode } = container;
  const shared = Object.entries({ networkMode, pidMode, ipcMode, usernsMode }).filter(
    ([, mode]) => mode === "host",
  );
  return [
    ...(container.privileged === true
      ? [`${name} is privileged; give it the capabilities that it needs`]
      : []),
    ...shared.map(([property]) => `${name} has ${property} "host"; it must have a namespace of its own`),
    ...(socketHolders.includes(name) || !mountsSocket(container)
      ? []
      : [`${name} mounts the Docker socket, which is root on the host; ask the Docker API proxy`]),
    ...(container.capabilities?.drops?.includes("ALL") === true
      ? []
      : [`${name} keeps Docker's default capabilities; drop ALL and add those that it needs`]),
    ...(container.securityOpts?.some((option) => /^no-new-privileges([:=]true)?$/.test(option)) === true
      ? []
      : [`${name} may gain privileges; set the security option no-new-privileges:true`]),
  ];
}

function mountsSocket({ volumes = [], mounts = [] }: ContainerInputs): boolean {
  const sources = [...volumes.map(({ hostPath }) => hostPath), ...mounts.map(({ source }) => source)];
  return sources.some((source) => source !== undefined && SOCKET.test(source));
}
