import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crash } from "./scenarios/crash.ts";
import { destroying } from "./scenarios/destroying.ts";
import { guide } from "./scenarios/guide.ts";
import { healing } from "./scenarios/healing.ts";
import { switching } from "./scenarios/switching.ts";
import { unchanged } from "./scenarios/unchanged.ts";
import { LivePlatform } from "./support/live-platform.ts";

const platform = new LivePlatform();

beforeAll(() => platform.start());
afterAll(() => platform.remove());

test("`up` on an empty host brings up the platform and two stages, verifies them and prints their URLs", () => {
  expect(platform.told).toMatch(/✔ \d+ checks passed/);
  expect(platform.told).toContain("http://localhost/api/v1/cleaning");
});

// In this order: the guide counts on the committed configuration, and the last one takes everything off.
describe("an unchanged platform", () => {
  unchanged(platform);
});
describe("healing", () => {
  healing(platform);
});
describe("the guide", () => {
  guide(platform);
});
describe("switching a stage", () => {
  switching(platform);
});
describe("a stage that crashes", () => {
  crash(platform);
});
describe("destroy", () => {
  destroying(platform);
});
