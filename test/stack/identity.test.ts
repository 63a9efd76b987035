import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test, vi } from "vitest";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { environmentOf, labelsOf } from "../support/labels.ts";
import { mockPassword, type RegisteredResource } from "../support/mocks.ts";
import { hostName, ofType, type ProgramRun, registeredOutputs, runProgram } from "./program.ts";

const CONTAINER = "docker:index/container:Container";
const KEY = mockPassword("identity-key-2026-11", 32);
const SECRETS = [KEY, mockPassword("identity-key-2026-10", 32), mockPassword("identity-admin-password", 32)];

function container(run: ProgramRun, name: string): RegisteredResource {
  const found = ofType(run, CONTAINER).find((each) => hostName(each) === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

describe("identity", () => {
  let run: ProgramRun;
  let outputs: string;
  beforeAll(async () => {
    run = await runProgram({ config: { identity: { enabled: true, keys: ["2026-11", "2026-10"] } } });
    outputs = JSON.stringify(registeredOutputs());
  });

  test("puts its keys and passwords into no container but the one that installs them (C-15)", () => {
    for (const each of ofType(run, CONTAINER)) {
      const found = SECRETS.some((secret) => JSON.stringify(each.inputs).includes(secret));
      expect([hostName(each), found]).toEqual([
        hostName(each),
        hostName(each) === "storytelling-identity-install",
      ]);
    }
  });

  test("has them in no input in plain text, and in no label, command or output of a component", () => {
    for (const { urn, redacted, inputs } of run.resources) {
      const open = JSON.stringify([redacted, inputs["command"] ?? null, inputs["labels"] ?? null]);
      for (const secret of SECRETS) expect([urn, open.includes(secret)]).toEqual([urn, false]);
    }
    for (const secret of SECRETS) expect(outputs).not.toContain(secret);
  });

  test("tells how to log in, as a secret, and where", async () => {
    const { credentials, services, stages } = run.outputs;

    expect(credentials.identity?.user).toBe("admin@storytelling.internal");
    expect(await pulumi.isSecret(credentials.identity?.password ?? pulumi.output(""))).toBe(true);
    expect(services).toContainEqual({
      service: "identity",
      container: "storytelling-identity",
      url: "http://localhost/api/v1/identity",
    });
    expect(stages.map(({ asksForToken }) => asksForToken)).toEqual([true, true]);
  });

  test("stands in front of every route of a stage but its health", () => {
    const chains = Object.entries(labelsOf(container(run, "cleaning-orchestrator"))).filter(([label]) =>
      /^traefik\.http\.routers\.[^.]+\.middlewares$/.test(label),
    );

    expect(Object.fromEntries(chains)).toEqual({
      "traefik.http.routers.stage1-cleaning.middlewares":
        "rate-limit@file,request-id@file,identity@file,strip-stage1",
      "traefik.http.routers.stage1-cleaning-health.middlewares":
        "rate-limit@file,request-id@file,strip-stage1-health",
    });
  });

  test("gives no service an address or a key that declares none", () => {
    for (const each of ofType(run, CONTAINER)) {
      expect(Object.keys(environmentOf(each)).filter((name) => /IDENTITY_SERVICE|JWT/.test(name))).toEqual(
        [],
      );
    }
  });

  test("another key changes the installation and nothing else: no token fails while it is rotated", async () => {
    const rotated = await runProgram({
      config: { identity: { enabled: true, keys: ["2026-12", "2026-11", "2026-10"] } },
    });
    const before = new Map(run.resources.map((each) => [each.urn, JSON.stringify(each.inputs)]));
    const changed = rotated.resources.filter((each) => before.get(each.urn) !== JSON.stringify(each.inputs));

    expect(changed.map(({ name }) => name)).toEqual(["identity-install", "identity-key-2026-12"]);
  });
});

describe("services that declare identity or jwt", () => {
  test("are given the address and the keys, and their siblings are not (003-047, C-15)", async () => {
    vi.doMock("../../stacks/catalog/stages/1-cleaning.ts", async (original) => {
      const { cleaning } = await original<{ readonly cleaning: StageDefinition }>();
      const services = Object.fromEntries(
        Object.entries(cleaning.services).map(([name, service]) => [
          name,
          name === "orchestrator" ? { ...service, jwt: true } : service,
        ]),
      );
      return { cleaning: { ...cleaning, services } };
    });
    try {
      const run = await runProgram({ config: { identity: { enabled: true, keys: ["2026-11"] } } });

      expect(environmentOf(container(run, "cleaning-orchestrator"))).toMatchObject({
        IDENTITY_SERVICE_URL: "http://identity-service:8001",
        JWT_SECRET_KEY: KEY,
        JWT_ALGORITHM: "HS256",
      });
      expect(JSON.stringify(container(run, "cleaning-celery-worker").inputs)).not.toContain(KEY);
      expect(JSON.stringify(run.resources.map(({ redacted }) => redacted))).not.toContain(KEY);
    } finally {
      vi.doUnmock("../../stacks/catalog/stages/1-cleaning.ts");
    }
  });
});

describe("an identity service of one's own", () => {
  test("is asked in the place of the platform's, which does not run", async () => {
    const run = await runProgram({ config: { identity: { enabled: true, address: "http://auth:8000" } } });
    const names = ofType(run, CONTAINER).map(hostName);

    expect(names.filter((name) => name.includes("identity"))).toEqual([]);
    expect(run.outputs.services.map(({ service }) => service)).not.toContain("identity");
    expect(JSON.stringify(container(run, "storytelling-traefik").inputs["uploads"])).toContain(
      "url: http://auth:8000",
    );
  });
});
