import { setTimeout } from "node:timers/promises";
import * as docker from "@pulumi/docker";
import { describe, expect, test } from "vitest";
import { after } from "../../../../components/core/after.ts";
import { startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";

describe("after", () => {
  test("gives the value when the resource is there, and not before", async () => {
    await startMocks();
    const inputs = Promise.withResolvers<string>();
    const settled: string[] = [];
    const value = valueOf(after([new docker.Volume("first", { name: inputs.promise })], "second")).then(
      (known) => settled.push(known),
    );

    await setTimeout(20);
    expect(settled).toEqual([]);
    inputs.resolve("first");
    await value;
    expect(settled).toEqual(["second"]);
  });

  test("leaves no dependency in the state, for which destroy would keep the first", async () => {
    const recorder = await startMocks();
    const first = new docker.Volume("first", { name: "first" });
    new docker.Volume("second", { name: after([first], "second") });

    expect((await recorder.resource("docker:index/volume:Volume", "second")).options.dependencies).toEqual(
      [],
    );
  });

  test("is known in a preview", async () => {
    const recorder = await startMocks({ preview: true });
    new docker.Volume("second", { name: after([new docker.Volume("first", { name: "first" })], "second") });

    expect((await recorder.resource("docker:index/volume:Volume", "second")).inputs).toEqual({
      name: "second",
    });
  });

  test("gives the value at once when there is nothing to wait for", async () => {
    await startMocks();

    expect(await valueOf(after([], 1))).toBe(1);
  });
});
