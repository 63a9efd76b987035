import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import type { HttpRoute } from "../../../../components/core/http-route.ts";
import { Identity, type IdentityArgs } from "../../../../components/identity/identity.ts";
import { environmentOf, labelsOf } from "../../../support/labels.ts";
import { mockPassword, type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { toTree } from "../../../support/tree.ts";

const CONTAINER = "docker:index/container:Container";
const GIVEN = "given-by-the-operator-given-by-the";

describe("Identity", () => {
  let recorder: Recorder;
  let routes: HttpRoute[];
  beforeEach(async () => {
    recorder = await startMocks();
    routes = [];
  });

  function create(changes: Partial<IdentityArgs> = {}): Identity {
    return new Identity("identity", {
      containerName: "storytelling-identity",
      volumeName: "storytelling-identity-data",
      baseImage: "debian:trixie-slim",
      network: { name: "storytelling", ready: [] },
      limits: { cpus: 0.5, memory: "256 MB" },
      gateway: {
        routeLabels: (route) => {
          routes.push(route);
          return { routed: route.name };
        },
      },
      routePrefix: "/api/v1/identity",
      metrics: { scrapeLabels: ({ job, port, path }) => ({ scraped: `${job} ${port}${path}` }) },
      keys: ["2026-11", "2026-10"],
      givenKeys: {},
      access: [{ path: "/api/v1/graph", roles: ["owner"] }],
      tokenLifetimeSeconds: 900,
      logLevel: "INFO",
      ...changes,
    });
  }

  const environment = async (name: string) => environmentOf(await recorder.resource(CONTAINER, name));

  test("is a server, a container that installs its file, their image, a volume, keys and an administrator", async () => {
    create();

    expect(toTree(await recorder.settled())).toEqual([
      "storytelling:identity:Identity identity",
      `  ${CONTAINER} identity-install`,
      `  ${CONTAINER} identity-server`,
      "  docker:index/remoteImage:RemoteImage identity-image",
      "  docker:index/volume:Volume identity-data",
      "  random:index/randomPassword:RandomPassword identity-admin-password",
      "  random:index/randomPassword:RandomPassword identity-key-2026-10",
      "  random:index/randomPassword:RandomPassword identity-key-2026-11",
    ]);
  });

  test("is found under its own name and the one of the sources, published nowhere (003-003)", async () => {
    const identity = create();
    const { inputs } = await recorder.resource(CONTAINER, "identity-server");

    expect(identity.url).toBe("http://identity-service:8001");
    expect(inputs).toMatchObject({
      networksAdvanced: [{ name: "storytelling", aliases: ["identity", "identity-service"] }],
      ports: [],
      healthcheck: { tests: ["CMD", "curl", "-f", "http://localhost:8001/health"] },
    });
  });

  test("gives the server no secret: a rotated key is another installation and no other server", async () => {
    create();

    expect(await environment("identity-server")).toEqual({
      LOG_LEVEL: "INFO",
      SERVICE_NAME: "identity-service",
      SERVICE_PORT: "8001",
      TOKEN_LIFETIME_SECONDS: "900",
    });
  });

  test("installs the keys in their order, the rules, and an administrator where no users are given", async () => {
    const identity = create({ givenKeys: { "2026-10": pulumi.secret(GIVEN) } });

    expect(await environment("identity-install")).toEqual({
      IDENTITY_KEYS: JSON.stringify([
        { kid: "2026-11", secret: mockPassword("identity-key-2026-11", 32) },
        { kid: "2026-10", secret: GIVEN },
      ]),
      IDENTITY_ACCESS: '[{"path":"/api/v1/graph","roles":["owner"]}]',
      IDENTITY_ADMIN_PASSWORD: mockPassword("identity-admin-password", 32),
    });
    expect(identity.administrator?.user).toBe("admin@storytelling.internal");
  });

  test("installs the given users, and no administrator beside them", async () => {
    const identity = create({ users: pulumi.secret("[]") });
    const installed = await environment("identity-install");

    expect(installed).toMatchObject({ IDENTITY_USERS: "[]" });
    expect(installed).not.toHaveProperty("IDENTITY_ADMIN_PASSWORD");
    expect(identity.administrator).toBeUndefined();
  });

  test("has the keys for services that check tokens themselves, as secrets", async () => {
    const { keys } = create();
    const signing = mockPassword("identity-key-2026-11", 32);

    expect(await valueOf(keys.signing)).toBe(signing);
    expect(JSON.parse(await valueOf(keys.all))).toEqual({
      "2026-11": signing,
      "2026-10": mockPassword("identity-key-2026-10", 32),
    });
    expect([await pulumi.isSecret(keys.signing), await pulumi.isSecret(keys.all)]).toEqual([true, true]);
  });

  test("shows no key and no password in plain text", async () => {
    create({ users: pulumi.secret(GIVEN) });
    const readable = JSON.stringify((await recorder.settled()).map(({ redacted }) => redacted));

    expect(readable).not.toContain(GIVEN);
    expect(readable).not.toContain(mockPassword("identity-key-2026-11", 32));
  });

  test("starts after its file is installed", async () => {
    create();
    const { urn } = await recorder.resource(CONTAINER, "identity-install");

    expect((await recorder.resource(CONTAINER, "identity-server")).options.dependencies).toContain(urn);
  });

  test("is open below its prefix, with the stricter limit, and has its metrics collected", async () => {
    create();

    expect(labelsOf(await recorder.resource(CONTAINER, "identity-server"))).toMatchObject({
      service: "identity",
      routed: "identity",
      scraped: "identity 8001/metrics",
    });
    expect(routes).toEqual([
      expect.objectContaining({
        prefix: "/api/v1/identity",
        match: "segments",
        rateLimit: "rate-limit-public",
        strip: { name: "strip-identity", prefix: "/api/v1/identity" },
      }),
    ]);
    expect(routes[0]).not.toHaveProperty("authentication");
  });

  test("runs the given image and builds none", async () => {
    create({ image: "company/identity:2.0" });
    const images = (await recorder.settled()).filter(({ type }) => type.endsWith(":RemoteImage"));

    expect((await recorder.resource(CONTAINER, "identity-server")).inputs["image"]).toBe(
      "company/identity:2.0",
    );
    expect(images).toEqual([]);
  });
});
