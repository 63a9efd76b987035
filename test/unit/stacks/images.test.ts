import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseConfig } from "../../../stacks/config/load.ts";
import { platformImage, StageImages } from "../../../stacks/images.ts";
import { type Recorder, startMocks } from "../../support/mocks.ts";

describe("platformImage", () => {
  test("is the catalogue's unless the configuration names another", () => {
    const config = parseConfig({ images: { redis: "mirror.example.com/redis:8.0.3" } });

    expect(platformImage(config, "redis")).toBe("mirror.example.com/redis:8.0.3");
    expect(platformImage(config, "postgres")).toBe("postgres:17.6");
  });
});

describe("StageImages", () => {
  const TYPE = "docker:index/remoteImage:RemoteImage";
  let recorder: Recorder;
  let images: StageImages;
  let folder: string;

  beforeEach(async () => {
    recorder = await startMocks();
    images = new StageImages("debian:trixie-slim", new pulumi.ComponentResource("test:Parent", "parent"));
    folder = join(mkdtempSync(join(tmpdir(), "storytelling-stage-images-")), "word-counter");
    mkdirSync(folder);
    writeFileSync(join(folder, "Dockerfile"), "ARG BASE_IMAGE\nFROM ${BASE_IMAGE}\n");
  });

  afterEach(async () => {
    await recorder.settled();
    rmSync(join(folder, ".."), { recursive: true });
  });

  test("takes a reference as it is, and makes nothing of it", async () => {
    expect(images.resolve({ reference: "team/nlp:1.0" })).toEqual({ reference: "team/nlp:1.0", ready: [] });
    expect(await recorder.ofType(TYPE)).toEqual([]);
  });

  test("builds a folder on the deployment's base image, under the folder's name", async () => {
    const { reference, ready } = images.resolve({ build: folder });

    const { inputs } = await recorder.resource(TYPE, "word-counter-image");
    expect(reference).toMatch(/^storytelling\/word-counter:[0-9a-f]{12}$/);
    expect(ready).toHaveLength(1);
    expect(inputs).toMatchObject({
      name: reference,
      build: { context: folder, buildArgs: { BASE_IMAGE: "debian:trixie-slim" } },
    });
  });

  test("builds a folder once for all the stages that name it", async () => {
    const first = images.resolve({ build: folder });

    expect(images.resolve({ build: folder })).toBe(first);
    expect(await recorder.ofType(TYPE)).toHaveLength(1);
  });
});
