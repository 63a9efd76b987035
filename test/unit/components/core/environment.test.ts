import * as pulumi from "@pulumi/pulumi";
import { beforeEach, describe, expect, test } from "vitest";
import { toEnvironmentList } from "../../../../components/core/environment.ts";
import { startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";

describe("toEnvironmentList", () => {
  beforeEach(async () => {
    await startMocks();
  });

  test("sorts by name, so that a diff shows only what changed", () => {
    expect(toEnvironmentList({ ZONE: "a", LOG_LEVEL: "INFO", PATH_1: "/x=y" })).toEqual([
      "LOG_LEVEL=INFO",
      "PATH_1=/x=y",
      "ZONE=a",
    ]);
  });

  test("resolves the value of an output", async () => {
    const [entry] = toEnvironmentList({ HOST: pulumi.output("redis-broker") });

    expect(await valueOf(entry)).toBe("HOST=redis-broker");
  });

  test("keeps a secret secret, and only the secret", async () => {
    const [plain, secret] = toEnvironmentList({ B: pulumi.secret("hush"), A: pulumi.output("plain") }).map(
      (entry) => pulumi.output(entry),
    );

    expect(await valueOf(secret)).toBe("B=hush");
    expect(await pulumi.isSecret(secret as pulumi.Output<string>)).toBe(true);
    expect(await pulumi.isSecret(plain as pulumi.Output<string>)).toBe(false);
  });
});
