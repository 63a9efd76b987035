import { request } from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DockerApi } from "../../components/docker-api/docker-api.ts";
import { imageOf } from "../support/images.ts";
import { startMocks } from "../support/mocks.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";

describe("the Docker API proxy in front of the real engine", () => {
  const sandbox = new Sandbox();
  let proxy: RunningContainer;

  beforeAll(async () => {
    const recorder = await startMocks();
    new DockerApi("docker-api", {
      containerName: `${sandbox.prefix}-docker-api`,
      image: await imageOf("haproxy"),
      network: await sandbox.createNetwork("ops", { internal: true }),
      limits: { cpus: 0.5, memory: "64 MB" },
    });
    proxy = await sandbox.start(
      await recorder.resource("docker:index/container:Container", "docker-api-proxy"),
    );
  });
  afterAll(() => sandbox.close());

  /** Status of a request whose path is sent exactly as written. */
  function statusOf(method: string, path: string, headers: Record<string, string> = {}): Promise<number> {
    return new Promise((resolve, reject) => {
      const sent = request({ host: proxy.address, port: 2375, method, path, headers }, (response) => {
        response.destroy();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", reject);
      sent.end();
    });
  }

  test.each([
    "/_ping",
    "/version",
    "/info",
    "/v1.41/version",
    "/containers/json",
    "/v1.41/containers/json?all=1&filters=%7B%7D",
    "/networks",
    "/v1.41/networks?filters=%7B%7D",
    "/networks/bridge",
  ])("lets GET %s through", async (path) => {
    expect(await statusOf("GET", path)).toBe(200);
  });

  test("lets a container be inspected and measured by name", async () => {
    expect(await statusOf("GET", `/v1.41/containers/${proxy.name}/json`)).toBe(200);
    expect(await statusOf("GET", `/containers/${proxy.name}/stats?stream=false&one-shot=true`)).toBe(200);
  });

  test("streams events", async () => {
    expect(await statusOf("GET", `/v1.41/events?since=${Math.floor(Date.now() / 1000) - 600}`)).toBe(200);
  });

  test("lets HEAD through, by which clients ask for the version", async () => {
    expect(await statusOf("HEAD", "/_ping")).toBe(200);
  });

  test.each([
    ["images", "/images/json"],
    ["volumes", "/volumes"],
    ["services", "/services"],
    ["secrets", "/secrets"],
    ["logs of a container", "/containers/any/logs"],
    ["files of a container", "/containers/any/archive?path=/"],
    ["the attach socket", "/containers/any/attach/ws"],
    ["an allowed path with something before it", "/x/version"],
    ["an allowed path with something after it", "/version/x"],
    ["the root", "/"],
  ])("refuses GET of %s", async (_what, path) => {
    expect(await statusOf("GET", path)).toBe(403);
  });

  test.each([
    ["an encoded letter", "/%69mages/json"],
    ["an encoded slash", "/containers%2fjson"],
    ["an encoded dot segment", "/containers/%2e%2e/images/json"],
    ["a dot segment", "/containers/../images/json"],
    ["a dot segment as an id", "/containers/../json"],
    ["a doubled slash", "//containers/json"],
    ["a doubled slash inside", "/containers//json"],
    ["an encoded end of line", "/version%0d%0aX: y"],
    ["a doubled version prefix", "/v1.41/v1.41/version"],
  ])("refuses %s", async (_what, path) => {
    expect(await statusOf("GET", path.replaceAll(" ", "%20"))).toBe(403);
  });

  test.each([
    ["POST", "/containers/create"],
    ["POST", "/containers/json"],
    ["POST", "/build"],
    ["PUT", "/containers/any/archive?path=/"],
    ["DELETE", "/containers/any"],
    ["PATCH", "/version"],
  ])("refuses %s %s", async (method, path) => {
    expect(await statusOf(method, path)).toBe(403);
  });

  test("refuses to change the protocol, after which it would see nothing more", async () => {
    expect(await statusOf("GET", "/version", { connection: "Upgrade", upgrade: "tcp" })).toBe(403);
  });

  test("its configuration is valid without a warning", async () => {
    const check = await proxy.exec(["haproxy", "-c", "-f", "/usr/local/etc/haproxy/haproxy.cfg"]);

    expect(check).toMatchObject({ exitCode: 0, output: expect.not.stringMatching(/WARNING|ALERT/) });
  });
});
