import { describe, expect, test } from "vitest";
import { registryOf } from "../../../../cli/setup/image-pull.ts";
import { familiarReference, LocalImages } from "../../../../cli/setup/local-images.ts";

const DIGEST = `sha256:${"a".repeat(64)}`;

describe("image references", () => {
  test.each([
    ["redis:8.0.2", "redis:8.0.2"],
    ["redis", "redis:latest"],
    ["docker.io/library/redis:8", "redis:8"],
    ["docker.io/grafana/loki:3.7.8", "grafana/loki:3.7.8"],
    ["registry.example:5000/loki", "registry.example:5000/loki:latest"],
    [`grafana/loki:3.7.8@${DIGEST}`, `grafana/loki@${DIGEST}`],
  ])("%s is listed by Docker as %s", (reference, familiar) => {
    expect(familiarReference(reference)).toBe(familiar);
  });

  test.each([
    ["redis:8.0.2", "docker.io"],
    ["grafana/loki:3.7.8", "docker.io"],
    ["quay.io/prometheuscommunity/postgres-exporter:v0.17.1", "quay.io"],
    ["localhost/own", "localhost"],
    ["registry:5000/own", "registry:5000"],
  ])("%s comes from %s", (reference, registry) => {
    expect(registryOf(reference)).toBe(registry);
  });
});

describe("images on the host", () => {
  const image = { Id: "", ParentId: "", Created: 0, Size: 0, VirtualSize: 0, SharedSize: 0, Containers: 0 };
  const local = new LocalImages([
    { ...image, RepoTags: ["redis:8.0.2"], RepoDigests: [`redis@${DIGEST}`], Labels: {} },
    { ...image, RepoTags: ["storytelling-offline/redis:8.0"], Labels: { "storytelling.context": "abc" } },
    { ...image, RepoTags: undefined, Labels: {} },
  ]);

  test("are found by tag, by full name and by digest", () => {
    expect(local.has("redis:8.0.2")).toBe(true);
    expect(local.has("docker.io/library/redis:8.0.2")).toBe(true);
    expect(local.has(`redis:8.0.2@${DIGEST}`)).toBe(true);
    expect(local.has("redis:8.0.3")).toBe(false);
  });

  test("tell what they were built from when they were built here", () => {
    expect(local.context("storytelling-offline/redis:8.0")).toBe("abc");
    expect(local.context("redis:8.0.2")).toBeUndefined();
    expect(local.context("storytelling-offline/loki:3")).toBeUndefined();
  });
});
