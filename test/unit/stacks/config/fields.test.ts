import { describe, expect, test } from "vitest";
import { imageReference } from "../../../../stacks/config/fields.ts";

const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("an image reference", () => {
  test.each([
    "redis:8.0.2",
    "grafana/loki:3.7.8",
    "traefik:v3.6.12",
    "registry.example.com/team/nlp:1.0",
    "registry.example.com:5000/team/nlp:1.0",
    `redis@${DIGEST}`,
    `redis:8.0.2@${DIGEST}`,
    `redis:latest@${DIGEST}`,
  ])("may be %s", (reference) => {
    expect(imageReference.safeParse(reference).success).toBe(true);
  });

  test.each([
    "",
    "redis",
    "redis:",
    "redis:latest",
    "redis:8.0:2",
    "Redis:8.0.2",
    "registry.example.com:5000/team/nlp",
    "redis@sha256:abc",
    `redis@${DIGEST}:8.0.2`,
    "redis :8.0.2",
    "-redis:8",
  ])("may not be %j", (reference) => {
    expect(imageReference.safeParse(reference).success).toBe(false);
  });
});
