import { describe, expect, test, vi } from "vitest";
import { startMocks } from "../support/mocks.ts";

/** Runs `index.ts` with this configuration, which it must refuse. */
async function refusal(config: Readonly<Record<string, string>>) {
  const recorder = await startMocks({ stack: "dev", config });
  vi.resetModules();
  const stackTraceLimit = Error.stackTraceLimit;
  const error = await import("../../index.ts").then(
    () => undefined,
    (reason: unknown) => reason,
  );
  Error.stackTraceLimit = stackTraceLimit;
  if (!(error instanceof Error)) throw new Error("the program accepted the configuration");
  return { error, registered: await recorder.settled() };
}

describe("a configuration that is not valid", () => {
  test("is one message with every wrong key, before any resource is asked for", async () => {
    const { error, registered } = await refusal({
      "storytelling:limitScale": "7",
      "storytelling:stages": '{"cleansing":{}}',
      "storytelling:hostPorts": '{"gateway":0}',
    });

    expect(error).toMatchObject({ name: "UserError", __pulumiRunError: true });
    expect(error.message.split("\n").slice(1).sort()).toEqual([
      "  ✖ hostPorts.gateway: got 0, must be a whole number from 1 to 65535",
      "  ✖ limitScale: got 7, must be from 0.05 to 1",
      "  ✖ stages.cleansing: is not a key of the configuration; known here are cleaning, nlp, embeddings, clustering, graph, timeline, api, frontend",
    ]);
    expect(registered).toEqual([]);
  });

  test("shows no secret", async () => {
    const { error } = await refusal({ "storytelling:secrets": '{"STAGE1_POSTGRES_PASSWORD":"hush-hush"}' });

    expect(error.message).toContain("secrets.STAGE1_POSTGRES_PASSWORD: got a secret value");
    expect(error.message).not.toContain("hush-hush");
  });
});

describe("a deployment that contradicts itself", () => {
  test("is one message with every contradiction, before any resource is asked for", async () => {
    const { error, registered } = await refusal({
      "storytelling:stages": '{"embeddings":{}}',
      "storytelling:host": '{"cpus":2}',
      "storytelling:hostPorts": '{"gateway":9090}',
    });

    expect(error.message).toBe(
      [
        "The deployment contradicts itself:",
        "  ✖ hostPorts.prometheus: got 9090, which hostPorts.gateway already has; every port of the host has one owner, choose another from 1 to 65535",
        "  ✖ stages.embeddings.services.celery-worker.limits.cpus: got 4, the Docker host has 2; lower the limit, or set limitScale (now 1) to at most 0.5",
      ].join("\n"),
    );
    expect(error).toMatchObject({ name: "UserError", __pulumiRunError: true });
    expect(registered).toEqual([]);
  });
});
