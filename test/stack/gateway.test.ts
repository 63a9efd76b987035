import { beforeAll, describe, expect, test } from "vitest";
import { labelsOf } from "../support/labels.ts";
import type { RegisteredResource } from "../support/mocks.ts";
import { ofType, type ProgramRun, registeredOutputs, runProgram } from "./program.ts";

const HASH = `$2y$05$${"a".repeat(53)}`;

function gatewayOf(run: ProgramRun): RegisteredResource {
  const found = ofType(run, "docker:index/container:Container").find(
    ({ inputs }) => inputs["name"] === "storytelling-traefik",
  );
  if (found === undefined) throw new Error("there is no gateway");
  return found;
}

function fileOf(gateway: RegisteredResource, path: string): string | undefined {
  const uploads = gateway.inputs["uploads"] as readonly { readonly file: string; readonly content: string }[];
  return uploads.find(({ file }) => file === path)?.content;
}

describe("what a deployment offers its routes", () => {
  let run: ProgramRun;
  let componentOutputs: string;
  let gateway: RegisteredResource;
  beforeAll(async () => {
    run = await runProgram({
      config: {
        gateway: {
          rateLimits: { "rate-limit-ingest": { average: 600, period: "1m", burst: 200 } },
          timeouts: ["5m"],
          users: { operators: "OPERATORS" },
        },
        secrets: { OPERATORS: `alice:${HASH}` },
      },
    });
    componentOutputs = JSON.stringify(registeredOutputs());
    gateway = gatewayOf(run);
  });

  test("is in the gateway's file, beside what the sources ask for", () => {
    const file = fileOf(gateway, "/etc/traefik/dynamic/dynamic.yml");

    for (const name of ["rate-limit:", "rate-limit-public:", "rate-limit-ingest:", "basic-auth-operators:"]) {
      expect(file).toContain(name);
    }
    expect(file).toContain("response-timeout-300000ms:");
    expect(file).not.toContain("response-timeout-10000ms:");
  });

  test("is the same file whatever stages there are", async () => {
    const config = { stages: { cleaning: {}, api: {}, frontend: {} } };
    const [few, more] = [await runProgram(), await runProgram({ config })];

    expect(gatewayOf(more).inputs["uploads"]).toEqual(gatewayOf(few).inputs["uploads"]);
  });

  test("has users in a file of their own, and nowhere in plain text", () => {
    expect(fileOf(gateway, "/etc/traefik/users/operators")).toBe(`alice:${HASH}`);
    expect(fileOf(gateway, "/etc/traefik/dynamic/dynamic.yml")).not.toContain(HASH);
    expect(JSON.stringify(run.resources.map(({ redacted }) => redacted))).not.toContain(HASH);
    expect(JSON.stringify(labelsOf(gateway))).not.toContain(HASH);
    expect(componentOutputs).not.toContain(HASH);
    expect(JSON.stringify(run.outputs)).not.toContain(HASH);
  });
});
