import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import Docker from "dockerode";
import { execa } from "execa";
import type { NetworkHandle } from "../../components/core/handles.ts";
import { type ContainerInputs, toCreateOptions } from "./container-inputs.ts";
import type { RegisteredResource } from "./mocks.ts";

/** A container of a test, as tests ask it. */
export interface RunningContainer {
  readonly name: string;
  /** Address on its first network; Linux hosts reach it. */
  readonly address: string;
  /** Port of the host on 127.0.0.1 that leads to a port of the container. */
  hostPort(containerPort: number): number;
  /** Runs a command in the container. Never throws because of its exit code. */
  exec(command: readonly string[]): Promise<{ readonly exitCode: number; readonly output: string }>;
  logs(): Promise<string>;
}

/** Real containers, networks and volumes for one test file, under names of its own; `close` removes them all. */
export class Sandbox {
  /** Begin the name of everything with it. */
  public readonly prefix = `storytelling-test-${randomBytes(4).toString("hex")}`;
  readonly #docker = new Docker();
  readonly #containers: Docker.Container[] = [];
  readonly #networks: Docker.Network[] = [];
  readonly #volumes: string[] = [];

  public async createNetwork(
    role: string,
    options: { readonly internal?: boolean } = {},
  ): Promise<NetworkHandle> {
    const name = `${this.prefix}-${role}`;
    this.#networks.push(
      await this.#docker.createNetwork({ Name: name, Internal: options.internal ?? false }),
    );
    return { name, ready: [] };
  }

  /** A name for a volume that `close` removes. */
  public volumeName(role: string): string {
    const name = `${this.prefix}-${role}`;
    this.#volumes.push(name);
    return name;
  }

  /** Starts a container exactly as the program declares it and waits until its own probe finds it healthy. */
  public async start(declared: RegisteredResource): Promise<RunningContainer> {
    const inputs = declared.inputs as unknown as ContainerInputs;
    const container = await this.#create(inputs);
    await container.start();
    await this.#waitUntilReady(container, inputs.healthcheck !== undefined);
    return this.#describe(container, inputs.name);
  }

  /** Runs a container that ends, exactly as the program declares it, and removes it. */
  public async runToEnd(
    declared: RegisteredResource,
  ): Promise<{ readonly exitCode: number; readonly output: string }> {
    const container = await this.#create(declared.inputs as unknown as ContainerInputs);
    await container.start();
    const { StatusCode } = (await container.wait()) as { readonly StatusCode: number };
    const output = await readLogs(container);
    await container.remove({ v: true });
    return { exitCode: StatusCode, output };
  }

  /** Stops a container as a replacement does, and removes it. Its volumes stay, but for those without a name. */
  public async stop(name: string): Promise<void> {
    const container = this.#docker.getContainer(name);
    await container.stop({ t: 30 });
    await container.remove({ v: true });
  }

  public async close(): Promise<void> {
    for (const container of this.#containers) await ignoreMissing(container.remove({ force: true, v: true }));
    for (const network of this.#networks) await ignoreMissing(network.remove());
    for (const name of this.#volumes)
      await ignoreMissing(this.#docker.getVolume(name).remove({ force: true }));
  }

  async #create(inputs: ContainerInputs): Promise<Docker.Container> {
    const container = await this.#docker.createContainer(toCreateOptions(inputs));
    this.#containers.push(container);
    for (const { name, aliases } of inputs.networksAdvanced.slice(1)) {
      const network = this.#docker.getNetwork(name);
      await network.connect({ Container: container.id, EndpointConfig: { Aliases: [...(aliases ?? [])] } });
    }
    if (inputs.uploads.length > 0) await container.putArchive(await toArchive(inputs.uploads), { path: "/" });
    return container;
  }

  async #waitUntilReady(container: Docker.Container, hasProbe: boolean): Promise<void> {
    const deadline = Date.now() + 90_000;
    for (;;) {
      const { State } = await container.inspect();
      if (hasProbe ? State.Health?.Status === "healthy" : State.Running) return;
      if (!State.Running || Date.now() > deadline) {
        const probes = State.Health?.Log.map((probe) => probe.Output).join("\n") ?? "";
        throw new Error(
          `the container is not ready: ${State.Status}\n${probes}\n${await readLogs(container)}`,
        );
      }
      await sleep(200);
    }
  }

  async #describe(container: Docker.Container, name: string): Promise<RunningContainer> {
    const { NetworkSettings } = await container.inspect();
    const [network] = Object.values(NetworkSettings.Networks);
    return {
      name,
      address: network?.IPAddress ?? "",
      hostPort: (port) => Number(NetworkSettings.Ports[`${port}/tcp`]?.[0]?.HostPort),
      logs: () => readLogs(container),
      exec: async (command) => {
        const result = await execa("docker", ["exec", name, ...command], { reject: false, all: true });
        return { exitCode: result.exitCode ?? -1, output: result.all };
      },
    };
  }
}

async function readLogs(container: Docker.Container): Promise<string> {
  const { all } = await execa("docker", ["logs", container.id], { all: true });
  return all;
}

/** Files at their absolute paths, readable as declared. */
async function toArchive(uploads: ContainerInputs["uploads"]): Promise<Buffer> {
  const root = mkdtempSync(join(tmpdir(), "storytelling-test-"));
  try {
    for (const { file, content, permissions } of uploads) {
      mkdirSync(join(root, dirname(file)), { recursive: true });
      writeFileSync(join(root, file), content);
      chmodSync(join(root, file), Number.parseInt(permissions, 8));
    }
    const files = uploads.map(({ file }) => `.${file}`);
    const owner = ["--owner=0", "--group=0"];
    const { stdout } = await execa("tar", ["-C", root, ...owner, "-cf", "-", ...files], {
      encoding: "buffer",
    });
    return Buffer.from(stdout);
  } finally {
    rmSync(root, { recursive: true });
  }
}

async function ignoreMissing(removal: Promise<unknown>): Promise<void> {
  await removal.catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 404) throw error;
  });
}
