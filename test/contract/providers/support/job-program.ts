// The Pulumi program of the jobs test: a job and a service that waits for it, all inputs from a file beside it.
import { readFileSync } from "node:fs";
import { noProbe } from "../../../../components/core/health.ts";
import { ManagedContainer } from "../../../../components/core/managed-container.ts";
import { OneShot } from "../../../../components/core/one-shot.ts";

/** What `inputs.json` holds for this program. */
export interface JobInputs {
  /** Begins the names of both containers. */
  readonly prefix: string;
  readonly image: string;
  readonly jobCommand: readonly string[];
  readonly jobEnvironment: Readonly<Record<string, string>>;
  readonly serviceEnvironment: Readonly<Record<string, string>>;
}

const inputs = JSON.parse(readFileSync("inputs.json", "utf8")) as JobInputs;
const common = {
  image: inputs.image,
  networks: [],
  limits: { cpus: 0.5, memory: "64 MB" },
  user: { name: "65534:65534" },
  rootFilesystem: { readOnly: true, scratch: { "/tmp": "1 MB" } },
} as const;

const job = new OneShot("job", {
  ...common,
  containerName: `${inputs.prefix}-job`,
  command: inputs.jobCommand,
  environment: inputs.jobEnvironment,
});
new ManagedContainer(
  "service",
  {
    ...common,
    containerName: `${inputs.prefix}-service`,
    command: ["sleep", "infinity"],
    health: noProbe("it only has to start"),
    environment: inputs.serviceEnvironment,
  },
  { dependsOn: [job.succeeded] },
);
