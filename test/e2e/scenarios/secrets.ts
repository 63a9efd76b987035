import { expect, test } from "vitest";
import { docker, runningContainers } from "../support/host.ts";
import type { LivePlatform } from "../support/live-platform.ts";

/** Where the generated passwords are, and where they are not. */
export function secrets(platform: LivePlatform): void {
  test("no generated secret is in plain text in state, outputs, labels, logs or the preview's difference", async () => {
    const secrets = await generatedPasswords(platform);
    const places = {
      state: await platform.checkout.pulumi("stack export"),
      outputs: await platform.checkout.pulumi("stack output", "--json"),
      preview: await platform.checkout.succeed("preview", "--diff"),
      up: platform.told,
      ...(await containerTexts()),
    };

    expect(secrets.length).toBeGreaterThanOrEqual(3);
    const leaks = Object.entries(places).flatMap(([place, text]) =>
      secrets.filter((secret) => text.includes(secret)).map(() => place),
    );
    expect(leaks).toEqual([]);
  });

  test("only stage containers have a password in their environment, and only their own", async () => {
    const secrets = await generatedPasswords(platform);
    const holders: string[] = [];
    for (const { Id } of await docker.listContainers()) {
      const { Name, Config } = await docker.getContainer(Id).inspect();
      if (secrets.some((secret) => Config.Env.some((entry) => entry.includes(secret))))
        holders.push(Name.slice(1));
    }

    expect(holders.sort()).toEqual([
      "cleaning-celery-worker",
      "cleaning-orchestrator",
      "nlp-celery-worker",
      "nlp-dp-service",
      "nlp-event-consumer",
      "nlp-event-llm-service",
      "nlp-ner-service",
      "nlp-orchestrator",
    ]);
  });
}

async function generatedPasswords({ checkout }: LivePlatform): Promise<string[]> {
  const state = JSON.parse(await checkout.pulumi("stack export", "--show-secrets")) as {
    readonly deployment: {
      readonly resources: readonly {
        readonly type: string;
        readonly outputs?: { readonly result?: unknown };
      }[];
    };
  };
  return state.deployment.resources
    .filter(({ type }) => type === "random:index/randomPassword:RandomPassword")
    .map(({ outputs }) => plaintext(outputs?.result));
}

function plaintext(secret: unknown): string {
  const { plaintext: json } = secret as { readonly plaintext: string };
  return JSON.parse(json) as string;
}

/** Labels and logs of every container. */
async function containerTexts(): Promise<Record<string, string>> {
  const names = Object.keys(await runningContainers());
  const texts = await Promise.all(
    names.map(async (name) => {
      const container = docker.getContainer(name);
      const logs = await container.logs({ stdout: true, stderr: true });
      const { Config } = await container.inspect();
      return [name, `${JSON.stringify(Config.Labels)}\n${logs.toString()}`] as const;
    }),
  );
  return Object.fromEntries(texts);
}
