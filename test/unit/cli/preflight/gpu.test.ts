import type Docker from "dockerode";
import { expect, test, vi } from "vitest";
import { assertGpusThere } from "../../../../cli/preflight/gpu.ts";
import { attachedStages } from "../../../../stacks/attached-stages.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { configSchema } from "../../../../stacks/config/schema.ts";

vi.mock("../../../../stacks/attached-stages.ts", { spy: true });

const CONFIG = configSchema.parse({ stages: { cleaning: {} } });

function dockerWith(runtimes: object | undefined) {
  const info = vi.fn<() => Promise<object>>(async () => ({ Runtimes: runtimes }));
  return { docker: { info } as unknown as Docker, info };
}

/** The catalogue's first stage, of which one service asks for a GPU. */
function withGpu(enabled: boolean): void {
  const [stage] = STAGE_CATALOG;
  const [[name, service] = ["", undefined]] = Object.entries(stage?.services ?? {});
  if (stage === undefined || service === undefined) throw new Error("the catalogue is empty");
  const services = { ...stage.services, [name]: { ...service, gpu: { count: 1 } } };
  vi.mocked(attachedStages).mockReturnValueOnce([{ definition: { ...stage, services }, enabled }]);
}

test("a GPU that Docker cannot give is refused with the key and what to install (C-41)", async () => {
  withGpu(true);

  await expect(assertGpusThere(dockerWith({ runc: {} }).docker, CONFIG)).rejects.toThrow(
    /nothing was changed:\n.*stages\.cleaning\.services\.orchestrator\.gpu: Docker has no runtime `nvidia`: install .* or take the GPU out/,
  );
});

test("a host that tells no runtimes has none for a GPU", async () => {
  withGpu(true);

  await expect(assertGpusThere(dockerWith(undefined).docker, CONFIG)).rejects.toThrow("no runtime `nvidia`");
});

test("a host with the runtime is taken", async () => {
  withGpu(true);

  await expect(assertGpusThere(dockerWith({ nvidia: {} }).docker, CONFIG)).resolves.toBeUndefined();
});

test("nothing is asked of the host where no running stage wants a GPU", async () => {
  withGpu(false);
  const { docker, info } = dockerWith({});

  await assertGpusThere(docker, CONFIG);
  await assertGpusThere(docker, CONFIG);

  expect(info).not.toHaveBeenCalled();
});
