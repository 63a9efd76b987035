import { describe, expect, it } from "vitest";
import { endpointOf } from "../../../../offline/providers/docker/client.ts";

describe("a Docker host", () => {
  it.each([
    ["unix:///run/user/1/docker.sock", { socketPath: "/run/user/1/docker.sock" }],
    ["/var/run/docker.sock", { socketPath: "/var/run/docker.sock" }],
    ["tcp://10.0.0.5:2375", { protocol: "http", host: "10.0.0.5", port: "2375" }],
    ["ssh://me@host", { protocol: "ssh", host: "host", port: "22", username: "me" }],
  ])("%s is understood", (host, endpoint) => {
    expect(endpointOf(host)).toEqual(endpoint);
  });

  it.each(["nowhere", "npipe:////./pipe/docker"])("%s is refused with what can be given", (host) => {
    expect(() => endpointOf(host)).toThrow(`the Docker host "${host}" is not usable: give unix:///path`);
  });
});
