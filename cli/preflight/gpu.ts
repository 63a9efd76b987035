import type Docker from "dockerode";
import { assertNoProblems } from "../../components/core/errors.ts";
import { attachedStages } from "../../stacks/attached-stages.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";

/**
 * Throws a UserError that names every service that asks for a GPU where Docker cannot give one: it would only say so
 * when it starts the container, half way through (C-41).
 */
export async function assertGpusThere(docker: Docker, config: PlatformConfig): Promise<void> {
  const asking = attachedStages(config)
    .filter(({ enabled }) => enabled)
    .flatMap(({ definition: { name: stage, services } }) =>
      Object.entries(services)
        .filter(([, { gpu }]) => gpu !== undefined)
        .map(([service]) => `stages.${stage}.services.${service}.gpu`),
    );
  if (asking.length === 0) return;
  const { Runtimes } = (await docker.info()) as { readonly Runtimes?: Readonly<Record<string, unknown>> };
  if (Runtimes !== undefined && "nvidia" in Runtimes) return;
  assertNoProblems(
    "The Docker host cannot give a container a GPU; nothing was changed:",
    asking.map((key) => ({
      key,
      reason:
        "Docker has no runtime `nvidia`: install the NVIDIA container toolkit, run `nvidia-ctk runtime configure --runtime=docker` " +
        "and restart Docker, or take the GPU out of the definition",
    })),
  );
}
