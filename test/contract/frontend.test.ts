import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { imageOf } from "../support/images.ts";
import { until } from "./support/until.ts";

const FRONTEND = join(import.meta.dirname, "..", "..", "examples", "frontend");
const NAME = `storytelling-test-${randomBytes(4).toString("hex")}-frontend`;
const IMAGE = `storytelling-test/frontend:${process.pid}`;
let origin: string;

beforeAll(async () => {
  const base = `--build-arg=BASE_IMAGE=${await imageOf("debian")}`;
  await execa("docker", ["build", "--quiet", `--tag=${IMAGE}`, base, FRONTEND]);
  const isolation = ["--read-only", "--cap-drop=ALL", "--publish=127.0.0.1::8000"];
  await execa("docker", ["run", "--detach", `--name=${NAME}`, ...isolation, IMAGE]);
  const { stdout } = await execa("docker", ["port", NAME, "8000"]);
  origin = `http://${stdout}`;
  const isUp = (): Promise<boolean> =>
    fetch(`${origin}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
  await until("nginx answers", isUp);
});
afterAll(async () => {
  await execa("docker", ["rm", "--force", NAME], { reject: false });
  await execa("docker", ["image", "rm", "--force", IMAGE], { reject: false });
});

test("the probe of the sources works, without root and without a file that can be written", async () => {
  const { stdout } = await execa("docker", ["exec", NAME, "curl", "-f", "http://localhost:8000/health"]);
  expect(JSON.parse(stdout)).toEqual({ status: "healthy", service: "frontend" });
  expect((await execa("docker", ["exec", NAME, "id", "-u"])).stdout).not.toBe("0");
});

test.each([["/"], ["/a/page/of/the/application"]])(
  "%s is the application, asked for anew each time",
  async (path) => {
    const response = await fetch(origin + path, { headers: { "x-forwarded-prefix": "/app" } });
    expect(response.headers.get("cache-control")).toBe("no-cache");
    expect(await response.text()).toContain('<base href="/app/"');
  },
);

test("a prefix that is none does not get into the page", async () => {
  const response = await fetch(origin, { headers: { "x-forwarded-prefix": '"><script>' } });
  expect(await response.text()).toContain('<base href="/"');
});

test("every asset that the page names is there and may be kept; one that is not there is no page", async () => {
  const page = await (await fetch(origin)).text();
  const assets = [...page.matchAll(/(?:href|src)="(assets[^"]+)"/g)].map(([, path]) => path);

  expect(assets).toHaveLength(2);
  for (const path of assets) {
    const { status, headers } = await fetch(`${origin}/${path}`);
    expect(status).toBe(200);
    expect(headers.get("cache-control")).toContain("immutable");
  }
  expect((await fetch(`${origin}/assets/none.js`)).status).toBe(404);
});

test("ends by itself when Docker stops it", async () => {
  await execa("docker", ["stop", "--time=5", NAME]);
  expect((await execa("docker", ["inspect", "--format={{.State.ExitCode}}", NAME])).stdout).toBe("0");
});
