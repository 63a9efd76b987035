import type Docker from "dockerode";

/** The inputs that `ManagedContainer` gives to the Docker provider. */
export interface ContainerInputs {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly entrypoints?: readonly string[];
  readonly user?: string;
  readonly workingDir?: string;
  readonly envs: readonly string[];
  readonly labels: readonly { readonly label: string; readonly value: string }[];
  readonly networksAdvanced: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly ports: readonly { readonly internal: number; readonly external: number; readonly ip: string }[];
  readonly volumes: readonly {
    readonly volumeName?: string;
    readonly hostPath?: string;
    readonly containerPath: string;
    readonly readOnly: boolean;
  }[];
  readonly uploads: readonly {
    readonly file: string;
    readonly content: string;
    readonly permissions: string;
  }[];
  readonly healthcheck?: { readonly tests: readonly string[] };
  readonly memory: number;
  readonly memorySwap: number;
  readonly cpus: string;
  readonly shmSize?: number;
  readonly capabilities: { readonly drops: readonly string[]; readonly adds: readonly string[] };
  readonly securityOpts: readonly string[];
  readonly readOnly: boolean;
  readonly tmpfs?: Readonly<Record<string, string>>;
  readonly logDriver: string;
  readonly logOpts: Readonly<Record<string, string>>;
}

const MEGABYTE = 1024 * 1024;

/** The same container in the words of the Docker API, on its first network. */
export function toCreateOptions(inputs: ContainerInputs): Docker.ContainerCreateOptions {
  const [network] = inputs.networksAdvanced;
  if (network === undefined) throw new Error(`${inputs.name} joins no network`);
  return {
    name: inputs.name,
    Image: inputs.image,
    ...(inputs.command === undefined ? {} : { Cmd: [...inputs.command] }),
    ...(inputs.entrypoints === undefined ? {} : { Entrypoint: [...inputs.entrypoints] }),
    ...(inputs.user === undefined ? {} : { User: inputs.user }),
    ...(inputs.workingDir === undefined ? {} : { WorkingDir: inputs.workingDir }),
    Env: [...inputs.envs],
    Labels: Object.fromEntries(inputs.labels.map(({ label, value }) => [label, value])),
    ...(inputs.healthcheck === undefined ? {} : { Healthcheck: toHealthcheck(inputs.healthcheck) }),
    ExposedPorts: Object.fromEntries(inputs.ports.map(({ internal }) => [`${internal}/tcp`, {}])),
    NetworkingConfig: { EndpointsConfig: { [network.name]: { Aliases: [...(network.aliases ?? [])] } } },
    HostConfig: {
      NetworkMode: network.name,
      Init: true,
      Binds: inputs.volumes.map(
        ({ volumeName, hostPath, containerPath, readOnly }) =>
          `${volumeName ?? hostPath}:${containerPath}:${readOnly ? "ro" : "rw"}`,
      ),
      PortBindings: Object.fromEntries(
        inputs.ports.map(({ internal, external, ip }) => [
          `${internal}/tcp`,
          [{ HostIp: ip, HostPort: String(external) }],
        ]),
      ),
      Memory: inputs.memory * MEGABYTE,
      MemorySwap: inputs.memorySwap * MEGABYTE,
      ...(inputs.shmSize === undefined ? {} : { ShmSize: inputs.shmSize * MEGABYTE }),
      NanoCpus: Math.round(Number(inputs.cpus) * 1e9),
      CapDrop: [...inputs.capabilities.drops],
      CapAdd: [...inputs.capabilities.adds],
      SecurityOpt: [...inputs.securityOpts],
      ReadonlyRootfs: inputs.readOnly,
      Tmpfs: { ...inputs.tmpfs },
      LogConfig: { Type: inputs.logDriver, Config: { ...inputs.logOpts } },
    },
  };
}

/** The declared probe, asked each second: its own interval would keep every test waiting. */
function toHealthcheck({ tests }: NonNullable<ContainerInputs["healthcheck"]>): Docker.HealthConfig {
  return { Test: [...tests], Interval: 1e9, Timeout: 5e9, Retries: 60 };
}
