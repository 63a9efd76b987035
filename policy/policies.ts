import type { ReportViolation, ResourceValidationArgs, ResourceValidationPolicy } from "@pulumi/policy";
import { encryptedSecrets } from "./encrypted-secrets.ts";
import { type ContainerInputs, containerOf } from "./resource.ts";
import { healthCheckProblems } from "./rules/health-checks.ts";
import { pinnedImageProblems } from "./rules/pinned-images.ts";
import { type Privileges, privilegeProblems } from "./rules/privileges.ts";
import { protectedVolumeProblems } from "./rules/protected-volumes.ts";
import { type PublishedPorts, publishedPortProblems } from "./rules/published-ports.ts";
import { resourceLimitProblems } from "./rules/resource-limits.ts";

const CONTAINER_NAMES = { type: "array", items: { type: "string" } } as const;

/** Every rule as Pulumi runs it. Their names and the keys of their configuration are API. */
export const POLICIES: readonly ResourceValidationPolicy[] = [
  {
    name: "published-ports",
    description: "Nothing but the gateway is reached from outside the host.",
    configSchema: {
      properties: {
        public: { ...CONTAINER_NAMES, default: ["storytelling-traefik"] },
        local: {
          ...CONTAINER_NAMES,
          default: ["storytelling-grafana", "storytelling-prometheus", "storytelling-postgres"],
        },
      },
    },
    validateResource: eachContainer((container, args) =>
      publishedPortProblems(container, args.getConfig<PublishedPorts>()),
    ),
  },
  {
    name: "pinned-images",
    description: "An image has a version or a digest.",
    validateResource: eachContainer(pinnedImageProblems),
  },
  {
    name: "resource-limits",
    description: "A container has limits of CPU and memory.",
    validateResource: eachContainer(resourceLimitProblems),
  },
  {
    name: "health-checks",
    description: "A container has a health check, or a written reason why it has none.",
    validateResource: eachContainer(healthCheckProblems),
  },
  {
    name: "privileges",
    description: "A container cannot leave its walls.",
    configSchema: {
      properties: { socketHolders: { ...CONTAINER_NAMES, default: ["storytelling-docker-api"] } },
    },
    validateResource: eachContainer((container, args) =>
      privilegeProblems(container, args.getConfig<Privileges>()),
    ),
  },
  encryptedSecrets(),
  {
    name: "protected-volumes",
    description: "A volume is protected.",
    validateResource: (args, report) => reportAll(protectedVolumeProblems(args), report),
  },
];

function eachContainer(
  problemsOf: (container: ContainerInputs, args: ResourceValidationArgs) => readonly string[],
): (args: ResourceValidationArgs, report: ReportViolation) => void {
  return (args, report) => {
    const container = containerOf(args);
    if (container !== undefined) reportAll(problemsOf(container, args), report);
  };
}

function reportAll(problems: readonly string[], report: ReportViolation): void {
  for (const problem of problems) report(problem);
}
