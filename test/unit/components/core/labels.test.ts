import { beforeEach, describe, expect, test } from "vitest";
import { ownerLabels, toLabelList } from "../../../../components/core/labels.ts";
import { startMocks } from "../../../support/mocks.ts";

describe("ownerLabels", () => {
  beforeEach(async () => {
    await startMocks({ project: "storytelling", stack: "dev" });
  });

  test("name the project, the stack and the resource, so that the CLI touches nobody else's containers", () => {
    expect(ownerLabels("redis-broker-server")).toEqual({
      "storytelling.project": "storytelling",
      "storytelling.stack": "dev",
      "storytelling.resource": "redis-broker-server",
    });
  });
});

describe("toLabelList", () => {
  test("sorts by name whatever the order of the object is", () => {
    const expected = [
      { label: "a.b", value: "1" },
      { label: "service", value: "api" },
      { label: "stage", value: "7" },
    ];

    expect(toLabelList({ stage: "7", "a.b": "1", service: "api" })).toEqual(expected);
    expect(toLabelList({ service: "api", stage: "7", "a.b": "1" })).toEqual(expected);
  });
});
