import * as docker from "@pulumi/docker";
import { describe, expect, test } from "vitest";
import { OneShot } from "../../../../components/core/one-shot.ts";
import { NOT_HARDENED } from "../../../support/hardening.ts";
import { startMocks } from "../../../support/mocks.ts";

const CONTAINER = "docker:index/container:Container";

function run(): OneShot {
  return new OneShot("migration", {
    containerName: "nlp-migration",
    image: "example/stage:1.0",
    networks: [{ name: "storytelling" }],
    limits: { cpus: 1, memory: "128 MB" },
    ...NOT_HARDENED,
  });
}

describe("a container that runs to its end", () => {
  test("is waited for, is not started again, and has no probe", async () => {
    const recorder = await startMocks();
    run();
    const { inputs } = await recorder.resource(CONTAINER, "migration");

    expect(inputs).toMatchObject({ attach: true, mustRun: false, restart: "no", wait: false });
    expect(inputs["healthcheck"]).toBeUndefined();
  });

  test("lets what waits for it go on once it ended with 0", async () => {
    const recorder = await startMocks();
    const migration = run();
    new docker.Volume("after", { name: "after" }, { dependsOn: [migration.succeeded] });
    const container = await recorder.resource(CONTAINER, "migration");

    const { options } = await recorder.resource("docker:index/volume:Volume", "after");
    expect(options.dependencies).toEqual([container.urn]);
  });

  test("lets a preview go on, which runs nothing and knows no exit code", async () => {
    const recorder = await startMocks({ preview: true });
    const migration = run();
    new docker.Volume("after", { name: "after" }, { dependsOn: [migration.succeeded] });

    expect(await recorder.resource("docker:index/volume:Volume", "after")).toBeDefined();
  });
});
