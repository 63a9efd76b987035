import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import type { IdentityService } from "../../../../../components/core/handles.ts";
import type { StageService } from "../../../../../components/stage/definition.ts";
import { identityServiceEnvironment } from "../../../../../components/stage/environment/identity-service.ts";
import { startMocks } from "../../../../support/mocks.ts";
import { valueOf } from "../../../../support/outputs.ts";

describe("identityServiceEnvironment", () => {
  let identity: IdentityService;
  beforeAll(async () => {
    await startMocks();
    identity = {
      url: "http://identity-service:8001",
      keys: { signing: pulumi.secret("the-key"), all: pulumi.secret("all-keys") },
      ready: [],
    };
  });

  const environment = async (changes: Partial<StageService>, given: IdentityService = identity) =>
    valueOf(identityServiceEnvironment({ kind: "orchestrator", ...changes }, { identity: given }));

  test("gives nothing to a service that declares nothing (C-15)", async () => {
    expect(await environment({})).toEqual({});
  });

  test("gives the address, and no key, to a service that asks (003-003)", async () => {
    expect(await environment({ identity: true })).toEqual({
      IDENTITY_SERVICE_URL: "http://identity-service:8001",
    });
  });

  test("gives the keys and the algorithm to a service that checks tokens itself (003-008, 003-009)", async () => {
    expect(await environment({ jwt: true })).toEqual({
      IDENTITY_SERVICE_URL: "http://identity-service:8001",
      JWT_SECRET_KEY: "the-key",
      JWT_SECRET_KEYS: "all-keys",
      JWT_ALGORITHM: "HS256",
    });
  });

  test("uses the names that the service gives (004-024)", async () => {
    expect(await environment({ jwt: { key: "JWT_SECRET" } })).toMatchObject({
      JWT_SECRET: "the-key",
      JWT_SECRET_KEYS: "all-keys",
      JWT_ALGORITHM: "HS256",
    });
  });

  test("gives no key that nobody told the platform", async () => {
    expect(await environment({ jwt: true }, { url: "http://auth:8000", ready: [] })).toEqual({
      IDENTITY_SERVICE_URL: "http://auth:8000",
    });
  });
});
