import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, expect, test } from "vitest";
import { docker, runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";
import { generatedPasswords, occurringIn } from "../support/secrets.ts";

/** Where the generated passwords and the given one are, and where they are not. */
export function secrecy(platform: LivePlatform, given: string): void {
  let secrets: string[];
  beforeAll(async () => {
    secrets = [given, ...Object.values(await generatedPasswords(platform.checkout))];
  });

  function leaks(places: Readonly<Record<string, string>>): string[] {
    return Object.entries(places).flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map(() => place),
    );
  }

  test("in state, outputs, the preview's difference or what `up` prints", async () => {
    const places = {
      state: await platform.checkout.pulumi("stack export"),
      outputs: await platform.checkout.pulumi("stack output", "--json"),
      preview: await platform.checkout.succeed("preview", "--diff"),
      up: platform.told,
    };

    expect(secrets.length).toBeGreaterThanOrEqual(7);
    expect(leaks(places)).toEqual([]);
  });

  test("in the logs, labels, arguments and health answers of any container", async () => {
    const texts = await eachContainer(async (name) => {
      const container = docker.getContainer(name);
      const logs = await container.logs({ stdout: true, stderr: true });
      const { Args, Config, Path, State } = await container.inspect();
      const { Cmd, Entrypoint, Labels } = Config;
      return `${JSON.stringify([Path, Args, Cmd, Entrypoint, Labels, State])}\n${logs.toString()}`;
    });

    expect(Object.keys(texts)).toContain("storytelling-stage1-redis-user-broker");
    expect(leaks(texts)).toEqual([]);
  });

  test("in the process list of any container", async () => {
    const texts = await eachContainer(async (name) => {
      const { stdout } = await execa("docker", ["top", name, "-eo", "pid,args"], { reject: false });
      return stdout;
    });

    expect(texts["storytelling-redis-broker"]).toContain("redis-server");
    expect(leaks(texts)).toEqual([]);
  });

  test("in the layers of any image that a container runs", async () => {
    const images = await imagesInUse();
    const histories = await Promise.all(
      images.map(async (image) => {
        const { stdout } = await execa("docker", ["history", "--no-trunc", image]);
        return [image, stdout] as const;
      }),
    );
    expect(leaks(Object.fromEntries(histories))).toEqual([]);

    // The others are made before there is a secret.
    const built = images.filter((image) => image.startsWith("storytelling/"));
    expect(built.length).toBeGreaterThanOrEqual(2);
    for (const image of built) {
      const save = execa("docker", ["save", image], { buffer: false });
      expect([image, await occurringIn(save.stdout, secrets)]).toEqual([image, []]);
      await save;
    }
  });

  test("in any file of the working tree, the given one either", async () => {
    const files = (await readdir(platform.checkout.root, { recursive: true, withFileTypes: true })).filter(
      (entry) => entry.isFile() && !entry.parentPath.includes("node_modules"),
    );
    const texts = await Promise.all(
      files.map(async ({ parentPath, name }) => {
        const file = join(parentPath, name);
        return [file, await readFile(file, "latin1")] as const;
      }),
    );

    expect(texts.map(([file]) => file)).toContain(join(platform.checkout.root, "Pulumi.dev.yaml"));
    expect(leaks(Object.fromEntries(texts))).toEqual([]);
  });

  test("in the environment of a container that does not need it", async () => {
    const holders = await eachContainer(async (name) => {
      const { Config } = await docker.getContainer(name).inspect();
      return Config.Env.join("\n");
    });

    expect(leaks(holders).filter((name, index, all) => all.indexOf(name) === index)).toEqual([
      "cleaning-celery-worker",
      "cleaning-orchestrator",
      "nlp-celery-worker",
      "nlp-dp-service",
      "nlp-event-consumer",
      "nlp-event-llm-service",
      "nlp-ner-service",
      "nlp-orchestrator",
      "storytelling-event-streams",
      "storytelling-redis-broker",
      "storytelling-redis-cache",
      "storytelling-stage1-redis-user-broker",
      "storytelling-stage1-redis-user-cache",
      "storytelling-stage2-redis-user-broker",
      "storytelling-stage2-redis-user-cache",
    ]);
  });
}

async function eachContainer(look: (name: string) => Promise<string>): Promise<Record<string, string>> {
  const names = Object.keys(await runningContainers());
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await look(name)] as const)));
}

async function imagesInUse(): Promise<string[]> {
  const images = await eachContainer(
    async (name) => (await docker.getContainer(name).inspect()).Config.Image,
  );
  return [...new Set(Object.values(images))];
}
