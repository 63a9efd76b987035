import * as pulumi from "@pulumi/pulumi";
import { ManagedContainer, type ManagedContainerArgs } from "../components/core/managed-container.ts";
import { STAGE_CATALOG } from "../stacks/catalog/stages/index.ts";
import { parseConfig } from "../stacks/config/load.ts";
import { createDeployment } from "../stacks/deployment.ts";

/** Everything that the program can run: every stage, and what is off unless asked for. */
export const EVERYTHING = {
  stages: Object.fromEntries(STAGE_CATALOG.map(({ name }) => [name, {}])),
  elasticsearch: { enabled: true },
  neo4j: { enabled: true },
  grafana: { enabled: true },
  redisAuthentication: true,
};

/** More than any limit of the catalogue asks for: limits are written down as they are defined. */
const HOST_CPUS = 64;

/** What the program declares each of its containers with. Nothing is made: it runs in a preview without an engine. */
export async function declaredContainers(): Promise<ManagedContainerArgs[]> {
  const config = parseConfig(EVERYTHING);
  const containers = new Set<ManagedContainer>();
  await pulumi.runtime.setMocks(
    {
      newResource: ({ inputs }) => ({ id: undefined, state: inputs as object }),
      call: ({ token }) => {
        throw new Error(`the program calls ${token}`);
      },
    },
    "storytelling",
    "docs",
    true,
  );
  await pulumi.runtime.runInPulumiStack(async () => {
    pulumi.runtime.registerStackTransformation(({ resource }) => {
      if (resource instanceof ManagedContainer) containers.add(resource);
      return undefined;
    });
    createDeployment({ config, hostCpus: HOST_CPUS });
    // Jobs are declared, and what waits for them, once their promises are settled.
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  });
  return [...containers].map(({ declared }) => declared);
}
