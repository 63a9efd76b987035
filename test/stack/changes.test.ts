import { beforeAll, describe, expect, test } from "vitest";
import type { RegisteredResource } from "../support/mocks.ts";
import { toTree } from "../support/tree.ts";
import { type ProgramRun, runProgram } from "./program.ts";

const CONTAINER = "docker:index/container:Container";

let dev: ProgramRun;
beforeAll(async () => {
  dev = await runProgram();
});

/** What the engine compares with its state: an entry that differs is a resource that is updated or replaced. */
function compared({ resources }: ProgramRun): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    resources.map(({ urn, inputs, options: { provider, protect, parent } }: RegisteredResource) => [
      urn,
      { inputs, provider, protect, parent },
    ]),
  );
}

function addedBy(run: ProgramRun): RegisteredResource[] {
  const before = new Set(dev.resources.map(({ urn }) => urn));
  return run.resources.filter(({ urn }) => !before.has(urn));
}

describe("running the same program twice", () => {
  test("asks for the same resources with the same inputs", async () => {
    expect(compared(await runProgram())).toEqual(compared(dev));
  });
});

describe("switching stage 3 on", () => {
  let more: ProgramRun;
  beforeAll(async () => {
    more = await runProgram({ config: { stages: { cleaning: {}, nlp: {}, embeddings: {} } } });
  });

  test("changes no input of any other resource, so no existing container restarts", () => {
    for (const [urn, entry] of Object.entries(compared(dev))) expect(compared(more)[urn]).toEqual(entry);
  });

  test("adds the stage's own resources and nothing else", () => {
    const added = addedBy(more);

    expect(added.every(({ urn }) => urn.includes("stage3-embeddings"))).toBe(true);
    expect(added.filter(({ type }) => type === CONTAINER).map(({ inputs }) => inputs["name"])).toEqual([
      "embeddings-celery-worker",
      "embeddings-orchestrator",
    ]);
  });
});

describe("switching a stage off", () => {
  test("changes no input of any other resource", async () => {
    const fewer = await runProgram({ config: { stages: { cleaning: {} } } });
    const before = compared(dev);

    expect(fewer.resources.length).toBeLessThan(dev.resources.length);
    for (const [urn, entry] of Object.entries(compared(fewer))) expect(entry).toEqual(before[urn]);
  });
});

describe("switching Grafana off", () => {
  test("takes its resources away and changes no other", async () => {
    const without = await runProgram({ config: { grafana: { enabled: false } } });
    const before = compared(dev);

    expect(without.resources.filter(({ name }) => name.startsWith("grafana"))).toEqual([]);
    for (const [urn, entry] of Object.entries(compared(without))) expect(entry).toEqual(before[urn]);
    expect(without.outputs.urls.grafana).toBeUndefined();
    expect(without.outputs.credentials).not.toHaveProperty("grafana");
  });
});

describe("a preview, which knows no computed value", () => {
  let preview: ProgramRun;
  beforeAll(async () => {
    preview = await runProgram({ preview: true });
  });

  test("asks for the same resources as a deployment and calls no service", () => {
    expect(toTree(preview.resources)).toEqual(toTree(dev.resources));
  });

  test("knows name, image, labels and networks of every container", () => {
    const known = ({ resources }: ProgramRun) =>
      resources
        .filter(({ type }) => type === CONTAINER)
        .map(({ inputs: { name, image, labels, networksAdvanced, ports, volumes } }) => ({
          name,
          image,
          labels,
          networksAdvanced,
          ports,
          volumes,
        }));

    expect(known(preview)).toEqual(known(dev));
  });

  test("knows every output of the stack but the passwords", () => {
    const { urls, services, stages, hostPorts } = dev.outputs;

    expect(preview.outputs).toMatchObject({ urls, services, stages, hostPorts });
  });
});

describe("switching TLS on", () => {
  test("changes the gateway alone, so no stage restarts", async () => {
    const tls = { mode: "acme", email: "operator@example.com", domains: ["pipeline.example.com"] };
    const secure = compared(await runProgram({ config: { gateway: { tls } } }));
    const changed = Object.entries(compared(dev))
      .filter(([urn, entry]) => JSON.stringify(secure[urn]) !== JSON.stringify(entry))
      .map(([urn]) => urn.split("::").at(-1));

    expect(changed).toEqual(["traefik-gateway"]);
  });
});
