import { availableParallelism, totalmem } from "node:os";
import { COMPOSE_VERSION } from "./compose/compose-command.ts";
import type { Circumstances } from "./report.ts";
import type { Scene } from "./scene.ts";

export async function readCircumstances(scene: Scene, rounds: number): Promise<Circumstances> {
  const [docker, pulumi] = await Promise.all([
    scene.docker.version(),
    scene.processes.run(scene.toolchain.pulumi, ["version"], { cwd: process.cwd() }),
  ]);
  return {
    rounds,
    cpus: availableParallelism(),
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    docker: docker.Version,
    compose: COMPOSE_VERSION,
    pulumi: pulumi.output.trim(),
    node: process.version,
    plugins: scene.toolchain.standIns.length === 0 ? "official plugins" : "stand-ins for the plugins",
  };
}
