import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { selfSigned } from "../support/certificates.ts";
import { environmentOf, labelsOf } from "../support/labels.ts";
import { mockPassword } from "../support/mocks.ts";
import { valueOf } from "../support/outputs.ts";
import { ofType, type ProgramRun, registeredOutputs, runProgram } from "./program.ts";

const PASSWORD = "random:index/randomPassword:RandomPassword";
const CONTAINER = "docker:index/container:Container";
const ROLE = "postgresql:index/role:Role";

/** What the mocked generators of this run hold. */
function generatedPasswords(run: ProgramRun): string[] {
  return ofType(run, PASSWORD).map(({ name, inputs }) => mockPassword(name, Number(inputs["length"])));
}

describe("the generated passwords", () => {
  let dev: ProgramRun;
  let passwords: string[];
  let componentOutputs: string;
  beforeAll(async () => {
    dev = await runProgram();
    componentOutputs = JSON.stringify(registeredOutputs());
    passwords = generatedPasswords(dev);
  });

  test("are five: of two administrators, one for each stage, and one for each that reads another (C-12, C-14)", () => {
    const names = ofType(dev, PASSWORD).map(({ name }) => name);
    expect(names.sort()).toEqual([
      "grafana-admin-password",
      "postgres-admin-password",
      "stage1-cleaning-database-password",
      "stage2-nlp-database-password",
      "stage2-nlp-reads-stage1-password",
    ]);
    expect(new Set(passwords).size).toBe(5);
  });

  test("are long enough to be guessed by nobody", () => {
    for (const { inputs } of ofType(dev, PASSWORD)) expect(inputs["length"]).toBeGreaterThanOrEqual(24);
  });

  test("reach the containers and roles that need them", () => {
    const sent = JSON.stringify(dev.resources.map(({ inputs }) => inputs));

    for (const password of passwords) expect(sent).toContain(password);
  });

  test("stand in no input in plain text", () => {
    for (const { urn, redacted } of dev.resources) {
      const readable = JSON.stringify(redacted);
      for (const password of passwords) expect([urn, readable.includes(password)]).toEqual([urn, false]);
    }
  });

  test("stand in no output of a component in plain text", () => {
    expect(componentOutputs).toContain("storytelling:stage:Stage");
    for (const password of passwords) expect(componentOutputs).not.toContain(password);
  });

  test("stand in no label and in no name, secret or not", () => {
    for (const resource of dev.resources) {
      const open = JSON.stringify([
        resource.urn,
        resource.inputs["name"] ?? null,
        Array.isArray(resource.inputs["labels"]) ? labelsOf(resource) : null,
        resource.inputs["command"] ?? null,
      ]);
      for (const password of passwords) expect(open).not.toContain(password);
    }
  });

  test("stand in no output of the stack but the credentials, which are secret", async () => {
    const { credentials, ...open } = dev.outputs;

    for (const password of passwords) expect(JSON.stringify(open)).not.toContain(password);
    expect(await pulumi.isSecret(credentials.grafana?.password ?? pulumi.output(""))).toBe(true);
    expect(await valueOf(credentials)).toEqual({
      grafana: { user: "admin", password: mockPassword("grafana-admin-password", 24) },
      stages: {
        cleaning: { STAGE1_POSTGRES_PASSWORD: mockPassword("stage1-cleaning-database-password", 32) },
        nlp: {
          STAGE1_POSTGRES_PASSWORD: mockPassword("stage2-nlp-reads-stage1-password", 32),
          STAGE2_POSTGRES_PASSWORD: mockPassword("stage2-nlp-database-password", 32),
        },
      },
    });
    const { cleaning } = credentials.stages;
    expect(await pulumi.isSecret(cleaning?.["STAGE1_POSTGRES_PASSWORD"] ?? pulumi.output(""))).toBe(true);
  });

  test("are one and the same in every service of a stage and in its role (C-12)", () => {
    for (const stage of ["1", "2"]) {
      const inContainers = ofType(dev, CONTAINER)
        .filter((container) => labelsOf(container)["stage"] === stage)
        .map((container) => environmentOf(container)["POSTGRES_PASSWORD"]);
      const [role] = ofType(dev, ROLE).filter(({ inputs }) => inputs["name"] === `stage${stage}_user`);
      expect(inContainers.length).toBeGreaterThan(1);
      expect(new Set([...inContainers, role?.inputs["password"]]).size).toBe(1);
    }
  });
});

describe("a password that the configuration gives", () => {
  const given = "given-by-the-operator";
  let run: ProgramRun;
  beforeAll(async () => {
    run = await runProgram({ config: { secrets: { STAGE2_POSTGRES_PASSWORD: given } } });
  });

  test("takes the place of the generated one (000-029)", () => {
    const stage2 = ofType(run, CONTAINER).filter((container) => labelsOf(container)["stage"] === "2");

    expect(ofType(run, PASSWORD).map(({ name }) => name)).not.toContain("stage2-nlp-database-password");
    for (const container of stage2) expect(environmentOf(container)["POSTGRES_PASSWORD"]).toBe(given);
    expect(stage2).toHaveLength(6);
  });

  test("stands nowhere in plain text", () => {
    const readable = JSON.stringify(run.resources.map(({ redacted }) => redacted));

    expect(readable).not.toContain(given);
    expect(JSON.stringify(registeredOutputs())).not.toContain(given);
  });
});

describe("the secrets of the gateway", () => {
  const hash = "$2b$05$Wq4mX1kzJ0b7Jv5n3tYh8ekYQD4MAhRWj1KQ7MN5.r0mXrGtbKLD.";

  test("stand in no input and no output in plain text: the key of TLS and the administrators", async () => {
    const { certificate, key } = await selfSigned("pipeline.example.com");
    const run = await runProgram({
      config: {
        gateway: {
          tls: { mode: "certificate", certificate },
          admin: "operators",
          users: { operators: "OPERATORS" },
        },
        secrets: { GATEWAY_TLS_KEY: key, OPERATORS: `alice:${hash}` },
      },
    });
    const sent = JSON.stringify(run.resources.map(({ inputs }) => inputs));
    const readable = JSON.stringify([run.resources.map(({ redacted }) => redacted), run.outputs.urls]);

    for (const secret of [JSON.stringify(key).slice(1, -1), hash]) {
      expect(sent).toContain(secret);
      expect(readable).not.toContain(secret);
    }
  });

  test("stand in no input in plain text: what the DNS provider is given", async () => {
    const challenge = {
      type: "dns-01",
      provider: "cloudflare",
      secretEnvironment: { CF_DNS_API_TOKEN: "DNS_TOKEN" },
    };
    const tls = { mode: "acme", email: "operator@example.com", domains: ["pipeline.example.com"], challenge };
    const run = await runProgram({ config: { gateway: { tls }, secrets: { DNS_TOKEN: "dns-hush-hush" } } });

    expect(JSON.stringify(run.resources.map(({ inputs }) => inputs))).toContain(
      "CF_DNS_API_TOKEN=dns-hush-hush",
    );
    expect(JSON.stringify(run.resources.map(({ redacted }) => redacted))).not.toContain("dns-hush-hush");
  });
});
