import { describe, expect, test } from "vitest";
import {
  ALLOWED_PATH_PATTERN,
  renderDockerApiConfig,
} from "../../../../components/docker-api/docker-api.config.ts";

describe("the paths that the Docker API proxy lets through", () => {
  const allowed = new RegExp(ALLOWED_PATH_PATTERN);

  test.each([
    "/_ping",
    "/v1.41/version",
    "/info",
    "/events",
    "/containers/json",
    "/networks",
    "/networks/bridge",
  ])("include %s", (path) => {
    expect(path).toMatch(allowed);
  });

  test.each(["/containers/3f2a/json", "/v1.51/containers/storytelling-traefik/stats"])(
    "include one container, %s",
    (path) => {
      expect(path).toMatch(allowed);
    },
  );

  test.each([
    "/images/json",
    "/services",
    "/containers/a/logs",
    "/containers/a/b/json",
    "/v1.41",
    "/versions",
  ])("do not include %s", (path) => {
    expect(path).not.toMatch(allowed);
  });

  test.each(["..", ".", "", "%2e%2e", "a%2fb", "a/../b", ".hidden", "a b", "a\nb"])(
    "take %j neither for a container nor for a network",
    (id) => {
      expect(`/containers/${id}/json`).not.toMatch(allowed);
      expect(`/containers/${id}/stats`).not.toMatch(allowed);
      expect(`/v1.41/networks/${id}`).not.toMatch(allowed);
    },
  );
});

describe("renderDockerApiConfig", () => {
  const config = renderDockerApiConfig();

  test("refuses before it forwards: by method, by path and by upgrade", () => {
    const rules = config.split("\n").filter((line) => line.includes("http-request deny"));

    expect(rules.map((rule) => rule.trim())).toEqual([
      "http-request deny deny_status 403 if !reading",
      "http-request deny deny_status 403 if !allowed",
      "http-request deny deny_status 403 if upgrading",
    ]);
    expect(config).toContain("acl reading method GET HEAD\n");
  });

  test("is the reviewed file", async () => {
    await expect(config).toMatchFileSnapshot("../../../golden/docker-api.haproxy.cfg");
  });
});
