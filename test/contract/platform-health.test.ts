import { join } from "node:path";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PlatformHealth } from "../../components/platform-health/platform-health.ts";
import { imageOf } from "../support/images.ts";
import { type RunningContainer, Sandbox } from "../support/sandbox.ts";
import { accessLines, GatewayScene } from "./support/gateway-scene.ts";

const IMAGE = join(import.meta.dirname, "..", "..", "components", "platform-health", "image");
const LIMITS = { cpus: 0.5, memory: "64 MB" } as const;
/** The look is 2 seconds old at most, and Docker's probe runs every second. */
const SEEN = { timeout: 10_000, interval: 200 } as const;

describe("the platform's /health behind a real gateway", () => {
  const sandbox = new Sandbox();
  const store = `${sandbox.prefix}-postgres`;
  const stage = `${sandbox.prefix}-orchestrator`;
  let scene: GatewayScene;
  let gateway: RunningContainer;

  beforeAll(async () => {
    scene = await GatewayScene.open(sandbox);
    const health = new PlatformHealth("health", {
      containerName: `${sandbox.prefix}-health`,
      baseImage: await imageOf("debian"),
      network: scene.network,
      opsNetwork: scene.opsNetwork,
      dockerApi: scene.dockerApi,
      services: { gateway: `${sandbox.prefix}-traefik`, postgres: store },
      limits: LIMITS,
    });
    const declared = await scene.declared("health-reporter");
    await execa("docker", [
      "build",
      "--quiet",
      `--tag=${declared.inputs["image"] as string}`,
      `--build-arg=BASE_IMAGE=${await imageOf("debian")}`,
      IMAGE,
    ]);
    await sandbox.start(declared);
    ({ gateway } = await scene.startGateway("traefik", { health }));
    await start(store);
  });
  afterEach(() => execa("docker", ["rm", "--force", stage], { reject: false }));
  afterAll(async () => {
    await execa("docker", ["rm", "--force", store], { reject: false });
    await sandbox.close();
  });

  /** A container that does nothing, with these further options of `docker run`. */
  async function start(name: string, ...options: readonly string[]): Promise<void> {
    const network = `--network=${scene.network.name}`;
    const image = await imageOf("redis");
    await execa("docker", ["run", "--detach", `--name=${name}`, network, ...options, image, "sleep", "600"]);
  }

  async function startStage(...options: readonly string[]): Promise<void> {
    await start(stage, "--label=stage=1", "--label=com.docker.compose.project=stage1-cleaning", ...options);
  }

  async function ask(): Promise<{ readonly status: number; readonly body: Record<string, unknown> }> {
    const response = await fetch(`http://127.0.0.1:${gateway.hostPort(80)}/health`);
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  }

  async function checks(): Promise<unknown> {
    const { status, body } = await ask();
    return { status, ...(body["checks"] as Record<string, string>) };
  }

  test("is 200 with the agreed body while gateway and stores are well (000-101, 000-102)", async () => {
    await expect.poll(checks, SEEN).toEqual({ status: 200, gateway: "ok", postgres: "ok" });

    expect((await ask()).body).toMatchObject({
      status: "healthy",
      service: "storytelling",
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00$/),
    });
  });

  test("finds a stage that was attached, and forgets one that was switched off", async () => {
    await startStage();
    await expect.poll(checks, SEEN).toMatchObject({ status: 200, "stage1-cleaning": "ok" });
    await execa("docker", ["rm", "--force", stage]);

    await expect.poll(checks, SEEN).toEqual({ status: 200, gateway: "ok", postgres: "ok" });
  });

  test("is 503 and says which container of a stage was stopped", async () => {
    await startStage();
    await execa("docker", ["stop", "--time=0", stage]);

    await expect
      .poll(checks, SEEN)
      .toMatchObject({ status: 503, "stage1-cleaning": `failed: ${stage} is exited` });
    expect((await ask()).body["status"]).toBe("unhealthy");
  });

  test("is 503 while a store is away, and 200 again when it is back", async () => {
    await execa("docker", ["pause", store]);
    await expect.poll(checks, SEEN).toMatchObject({ status: 503, postgres: `failed: ${store} is paused` });
    await execa("docker", ["unpause", store]);

    await expect.poll(checks, SEEN).toMatchObject({ status: 200, postgres: "ok" });
  });

  test("takes a job that ended for no failure", async () => {
    await startStage("--label=storytelling.runs-to-end=true");
    await execa("docker", ["stop", "--time=0", stage]);
    const endedAt = new Date().toISOString();
    await expect.poll(async () => ((await ask()).body["timestamp"] as string) > endedAt, SEEN).toBe(true);

    expect(await checks()).toEqual({ status: 200, gateway: "ok", postgres: "ok" });
  });

  test.each([
    ["starts", "sleep 5", "starting", 200],
    ["is unhealthy", "exit 1", "failed: STAGE is unhealthy", 503],
  ])("a stage that %s is told apart", async (_, probe, verdict, status) => {
    await startStage(`--health-cmd=${probe}`, "--health-interval=1s", "--health-retries=1");

    await expect
      .poll(checks, SEEN)
      .toMatchObject({ status, "stage1-cleaning": verdict.replace("STAGE", stage) });
  });

  test("looks every two seconds at most, however many ask", async () => {
    const answers = await Promise.all(Array.from({ length: 100 }, ask));

    // Each look has a time of its own, and the hundred may meet two.
    expect(new Set(answers.map(({ body }) => body["timestamp"])).size).toBeLessThanOrEqual(2);
  });

  test("leaves nothing of it in the gateway's access log (004-042)", async () => {
    await ask();
    await fetch(`http://127.0.0.1:${gateway.hostPort(80)}/nothing`);
    await expect.poll(async () => (await accessLines(gateway)).length, SEEN).toBeGreaterThan(0);

    const paths = (await accessLines(gateway)).map((line) => line["request_X-Request-Path"]);
    expect(new Set(paths)).toEqual(new Set(["/nothing"]));
  });

  test("is a process without rights that logs changes as JSON", async () => {
    const { stdout: user } = await execa("docker", ["exec", `${sandbox.prefix}-health`, "id", "-un"]);
    const { all } = await execa("docker", ["logs", `${sandbox.prefix}-health`], { all: true });
    const events = all.split("\n").map((line) => (JSON.parse(line) as { event: string }).event);

    expect(user).toBe("health");
    expect(events).toEqual(expect.arrayContaining(["service_started", "health_changed"]));
  });
});
