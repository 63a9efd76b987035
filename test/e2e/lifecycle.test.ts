import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Checkout } from "./support/checkout.ts";
import { assertHostIsFree, docker, ourObjects, runIn, runningContainers } from "./support/host.ts";

const GATEWAY = "http://localhost/api/v1/cleaning";

let checkout: Checkout;
let first: string;

beforeAll(async () => {
  await assertHostIsFree();
  checkout = await Checkout.create();
  first = await checkout.succeed("up");
});

afterAll(() => checkout.remove());

test("`up` on an empty host brings up the platform and two stages, verifies them and prints their URLs", () => {
  expect(first).toMatch(/✔ \d+ checks passed/);
  expect(first).toContain("http://localhost/api/v1/cleaning");
});

describe("an unchanged platform", () => {
  test("a second `up` changes nothing and restarts nothing", async () => {
    const before = await runningContainers();
    await checkout.succeed("up", "--expect-no-changes");

    expect(await runningContainers()).toEqual(before);
  });

  test("`refresh` and then `preview` show no difference", async () => {
    await checkout.pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    const { stdout } = await checkout.storytelling("preview", "--json");

    const { changeSummary } = JSON.parse(stdout) as { readonly changeSummary: Record<string, number> };
    expect(Object.keys(changeSummary)).toEqual(["same"]);
  });

  test("every check of the sources passes, the rate limit too", async () => {
    expect(await checkout.succeed("verify")).toContain("429 after");
  });

  test("no verb changes the working tree", async () => {
    expect(await checkout.changedFiles()).toBe("");
  });
});

test("no generated secret is in plain text in state, outputs, labels, logs or the preview's difference", async () => {
  const secrets = await generatedPasswords();
  const places = {
    state: await checkout.pulumi("stack export"),
    outputs: await checkout.pulumi("stack output", "--json"),
    preview: await checkout.succeed("preview", "--diff"),
    up: first,
    ...(await containerTexts()),
  };

  expect(secrets.length).toBeGreaterThanOrEqual(3);
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map(() => place),
  );
  expect(leaks).toEqual([]);
});

test("only stage containers have a password in their environment, and only their own", async () => {
  const secrets = await generatedPasswords();
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

test("switching stage 3 on restarts no running container, and switching it off again neither", async () => {
  const before = await runningContainers();
  await checkout.configure("    nlp: {}\n", "    nlp: {}\n    embeddings: {}\n");
  await checkout.succeed("up");
  const with3 = await runningContainers();

  expect(with3).toMatchObject(before);
  expect(Object.keys(with3).filter((name) => !(name in before))).toEqual([
    "embeddings-celery-worker",
    "embeddings-orchestrator",
  ]);

  await checkout.configure("    embeddings: {}\n", "    embeddings: { enabled: false }\n");
  await checkout.succeed("up");

  expect(await runningContainers()).toEqual(before);
});

test("`destroy` keeps the data, and the next `up` finds it", async () => {
  await sendDocument("kept-document");
  await checkout.succeed("destroy", "--yes");

  expect(await runningContainers()).toEqual({});

  await checkout.succeed("up");
  const answer = await fetch(`${GATEWAY}/documents/kept-document`);
  expect(answer.status).toBe(200);
});

test("`destroy` without an answer removes nothing, and with `--delete-data` leaves nothing", async () => {
  const before = await ourObjects();
  const unasked = await checkout.storytelling("destroy");

  expect(unasked.exitCode).not.toBe(0);
  expect(await ourObjects()).toEqual(before);

  await checkout.succeed("destroy", "--yes", "--delete-data");
  expect(await ourObjects()).toEqual([]);
});

async function generatedPasswords(): Promise<string[]> {
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

async function sendDocument(id: string): Promise<void> {
  const accepted = await runIn(
    "cleaning-orchestrator",
    "curl",
    "--silent",
    "--fail",
    "--header",
    "content-type: application/json",
    "--data",
    JSON.stringify({ document_id: id, text: "Some   text" }),
    "http://localhost:8000/process",
  );
  expect(JSON.parse(accepted)).toMatchObject({ document_id: id });
  await expect
    .poll(() => runIn("cleaning-orchestrator", "curl", "-s", `http://localhost:8000/documents/${id}`), {
      timeout: 30_000,
      interval: 500,
    })
    .toContain("Some text");
}
