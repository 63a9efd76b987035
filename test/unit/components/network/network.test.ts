import { beforeEach, describe, expect, test } from "vitest";
import { Network } from "../../../../components/network/network.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";
import { valueOf } from "../../../support/outputs.ts";
import { orphansOf, toTree } from "../../../support/tree.ts";

const TYPE = "docker:index/network:Network";

describe("Network", () => {
  let recorder: Recorder;
  beforeEach(async () => {
    recorder = await startMocks();
  });

  test("creates one bridge with exactly the given name", async () => {
    new Network("shared", { networkName: "storytelling" });

    expect(toTree(await recorder.settled())).toEqual([
      "storytelling:network:Network shared",
      `  ${TYPE} shared-bridge`,
    ]);
    const bridge = await recorder.resource(TYPE, "shared-bridge");
    expect(bridge.inputs).toEqual({
      name: "storytelling",
      driver: "bridge",
      internal: false,
      labels: [
        { label: "storytelling.project", value: "storytelling" },
        { label: "storytelling.resource", value: "shared-bridge" },
        { label: "storytelling.stack", value: "test" },
      ],
    });
    expect(bridge.options.deleteBeforeReplace).toBe(true);
  });

  test("has no way out when it is internal", async () => {
    new Network("ops", { networkName: "storytelling-ops", internal: true });

    expect((await recorder.resource(TYPE, "ops-bridge")).inputs["internal"]).toBe(true);
  });

  test("is found by its static name and is ready once the bridge is", async () => {
    const network = new Network("shared", { networkName: "storytelling" });

    expect(network.name).toBe("storytelling");
    const urns = await Promise.all(network.ready.map((resource) => valueOf(resource.urn)));
    expect(urns).toEqual([(await recorder.resource(TYPE, "shared-bridge")).urn]);
    expect(orphansOf(await recorder.settled())).toEqual([]);
  });
});
