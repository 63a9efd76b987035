import { describe, expect, test } from "vitest";
import {
  type EventScene,
  markPrefix,
  publicationIn,
  subscribersIn,
} from "../../../../cli/events/event-scene.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";

const scene: EventScene = { stages: STAGE_CATALOG, redisOf: () => async () => undefined };

describe("the events of a deployment", () => {
  test("a stage that publishes has its stream", () => {
    expect(publicationIn(scene, "cleaning").stream).toBe("stage1:cleaning:events");
  });

  test("a stage that publishes nothing, or is none, is refused with those that do", () => {
    for (const name of ["timeline", "nope"])
      expect(() => publicationIn(scene, name)).toThrow(
        `no stage "${name}" of this deployment publishes events; choose one of cleaning, nlp`,
      );
  });

  test("subscriptions are found for all stages and for one", () => {
    expect(subscribersIn(scene).map(({ stage }) => stage.name)).toEqual(["nlp"]);
    expect(subscribersIn(scene, "nlp").map(({ subscription }) => subscription.group)).toEqual([
      "stage2-nlp-processor",
    ]);
    expect(() => subscribersIn(scene, "cleaning")).toThrow("subscribes to events; choose one of nlp");
    expect(() => subscribersIn({ ...scene, stages: [] }, "nlp")).toThrow("none does");
  });

  test("a stage remembers events under keys of its own", () => {
    expect(STAGE_CATALOG.slice(0, 2).map(markPrefix)).toEqual([
      "stage1:cleaning:processed:",
      "stage2:nlp:processed:",
    ]);
  });
});
