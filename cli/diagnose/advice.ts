/** What is known of a container that did not come up. */
export interface FailedContainer {
  readonly name: string;
  readonly status: string;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  readonly restarts: number;
  /** Docker's own words on a start that failed. */
  readonly error: string;
  /** `healthy`, `unhealthy`, `starting`, or undefined without a health check. */
  readonly health: string | undefined;
  /** Output of the last probe. */
  readonly healthOutput: string;
  readonly memoryMegabytes: number;
  readonly logs: readonly string[];
}

interface Rule {
  readonly applies: (container: FailedContainer) => boolean;
  readonly advice: (container: FailedContainer) => string;
}

const SIGKILL_EXIT_CODE = 137;

/** From the most certain cause to the vaguest; the first that applies is told. */
const RULES: readonly Rule[] = [
  {
    applies: ({ oomKilled }) => oomKilled,
    advice: ({ memoryMegabytes }) =>
      `it needed more than its ${memoryMegabytes} MB: raise the memory limit of the service, or find what takes it`,
  },
  {
    applies: ({ error }) => /port is already allocated|address already in use/.test(error),
    advice: () => "another program holds the port: end it, or choose another one under `hostPorts`",
  },
  {
    applies: ({ error, exitCode }) =>
      exitCode === 127 || /executable file not found|no such file or directory/.test(error),
    advice: () =>
      "the command is not in the image: correct the service's command, or build it into the image",
  },
  {
    applies: ({ exitCode, error }) => exitCode === 126 || /permission denied/.test(error),
    advice: () => "the command may not be run: make it executable in the image",
  },
  {
    applies: ({ exitCode }) => exitCode === SIGKILL_EXIT_CODE,
    advice: () => "it was killed from outside: start it again with `npm run up`",
  },
  {
    applies: ({ logs }) =>
      logs.some((line) => /could not translate host name|Name or service not known|getaddrinfo/i.test(line)),
    advice: () =>
      "it looks for a host name that is not in its network: use the names of the injected environment",
  },
  {
    applies: ({ logs }) => logs.some((line) => /password authentication failed/i.test(line)),
    advice: () =>
      "the database has another password than the state: run `npm run up` again, it sets an altered password back",
  },
  {
    applies: ({ healthOutput }) => /executable file not found|curl: not found/.test(healthOutput),
    advice: () =>
      "the image lacks the program of the health check: install it (curl), or choose another check",
  },
  {
    applies: ({ healthOutput }) => /Connection refused|Failed to connect/i.test(healthOutput),
    advice: () => "nothing listens where the health check asks: see in the log why, or correct the port",
  },
  {
    applies: ({ healthOutput }) => /\b503\b/.test(healthOutput),
    advice: () => "it runs but misses something it depends on: its health body says what",
  },
  {
    applies: ({ health, healthOutput }) => health === "unhealthy" && healthOutput !== "",
    advice: () => "it runs, and its health check fails: the health output says why",
  },
  {
    applies: ({ health }) => health === "starting",
    advice: () => "it did not become healthy in time: it needs longer, or hangs at its start",
  },
  {
    applies: ({ exitCode, restarts }) => exitCode !== 0 || restarts > 0,
    advice: () => "its program ends by itself: the last log lines say why",
  },
];

/** The likeliest cause and what to do about it. */
export function adviceFor(container: FailedContainer): string {
  const rule = RULES.find(({ applies }) => applies(container));
  return rule?.advice(container) ?? `look at its whole log: \`docker logs ${container.name}\``;
}
