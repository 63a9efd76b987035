import { beforeEach, describe, expect, test } from "vitest";
import { DataVolume } from "../../../../components/core/data-volume.ts";
import { labelsOf } from "../../../support/labels.ts";
import { type Recorder, startMocks } from "../../../support/mocks.ts";

const TYPE = "docker:index/volume:Volume";

describe("DataVolume", () => {
  let recorder: Recorder;
  beforeEach(async () => {
    recorder = await startMocks();
  });

  test("has exactly the given name on the host and the labels of its owner", async () => {
    const volume = new DataVolume("postgres-data", "storytelling-postgres-data");

    const registered = await recorder.resource(TYPE, "postgres-data");
    expect(volume.volumeName).toBe("storytelling-postgres-data");
    expect(Object.keys(registered.inputs).sort()).toEqual(["labels", "name"]);
    expect(registered.inputs["name"]).toBe("storytelling-postgres-data");
    expect(labelsOf(registered)).toEqual({
      "storytelling.project": "storytelling",
      "storytelling.stack": "test",
      "storytelling.resource": "postgres-data",
    });
  });

  test("is protected, survives a destroy and ignores a changed label, which would empty it", async () => {
    new DataVolume("postgres-data", "storytelling-postgres-data");

    const { options } = await recorder.resource(TYPE, "postgres-data");
    expect(options).toMatchObject({ protect: true, retainOnDelete: true, ignoreChanges: ["labels"] });
  });

  test("lets a caller who says so give up the protection", async () => {
    new DataVolume("scratch", "storytelling-scratch", { protect: false });

    const { options } = await recorder.resource(TYPE, "scratch");
    expect(options).toMatchObject({ protect: false, retainOnDelete: true, ignoreChanges: ["labels"] });
  });
});
