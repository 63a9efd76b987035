import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { imageOf } from "../../support/images.ts";
import { type BuiltPlugins, buildPlugins } from "./support/built-plugins.ts";
import { assertSucceeded, Deployment } from "./support/deployment.ts";
import type { JobInputs } from "./support/job-program.ts";

const PULUMI_TIMEOUT = 300_000;
const PREFIX = `storytelling-test-job-${process.pid}`;
const docker = new Docker();
let inputs: JobInputs;
let plugins: BuiltPlugins;
let deployment: Deployment;

beforeAll(async () => {
  plugins = await buildPlugins();
  deployment = await Deployment.create(PREFIX, plugins, "job-program.ts");
  inputs = {
    prefix: PREFIX,
    image: await imageOf("debian"),
    jobCommand: ["true"],
    jobEnvironment: {},
    serviceEnvironment: {},
  };
}, PULUMI_TIMEOUT);

afterAll(async () => {
  await deployment?.destroy();
  await deployment?.remove();
  await plugins?.remove();
}, PULUMI_TIMEOUT);

// In this order: the deployment goes from the failed job to the corrected one and on.
describe("a job and a service that waits for it", { timeout: PULUMI_TIMEOUT }, () => {
  it("that fails fails the run with its exit code, and the service is not made", async () => {
    await change({ jobCommand: ["sh", "-c", "echo no such table; exit 3"] });
    const run = await deployment.up();

    expect(run.succeeded).toBe(false);
    expect(run.output).toContain(`container ${PREFIX}-job ended with exit code 3`);
    expect(run.output).toContain(`docker logs ${PREFIX}-job`);
    expect(await storedExitCode()).toBe(3);
    expect(await namesOnHost()).toEqual([`/${PREFIX}-job`]);
  });

  it("that is corrected runs again, and the service starts after its end", async () => {
    await change({ jobCommand: ["sh", "-c", "sleep 2"] });
    assertSucceeded(await deployment.up());

    const [job, service] = await Promise.all([inspect("job"), inspect("service")]);
    expect(await storedExitCode()).toBe(0);
    expect(job.State).toMatchObject({ Status: "exited", ExitCode: 0 });
    expect(service.State.Status).toBe("running");
    expect(Date.parse(service.State.StartedAt)).toBeGreaterThan(Date.parse(job.State.FinishedAt));
  });

  it("that ended is no change, neither for a preview nor for a refresh", async () => {
    expect(await deployment.preview()).toEqual([]);
    expect((await deployment.refresh()).output).toMatch(/Resources:\n\s+\d+ unchanged\n/);
    expect(await deployment.preview()).toEqual([]);
  });

  it("that stays as it is does not run again when the service changes", async () => {
    const before = await inspect("job");
    await change({ serviceEnvironment: { GREETING: "hello" } });
    assertSucceeded(await deployment.up());

    const after = await inspect("job");
    expect([after.Id, after.State.StartedAt]).toEqual([before.Id, before.State.StartedAt]);
  });

  it.each([
    ["command", { jobCommand: ["true"] }],
    ["environment", { jobEnvironment: { RELEASE: "2" } }],
  ])("with another %s runs again", async (_, changed) => {
    const before = await inspect("job");
    await change(changed);
    assertSucceeded(await deployment.up());

    expect((await inspect("job")).Id).not.toBe(before.Id);
  });
});

async function change(changed: Partial<JobInputs>): Promise<void> {
  inputs = { ...inputs, ...changed };
  await deployment.setInputs(inputs);
}

function inspect(role: string): Promise<Docker.ContainerInspectInfo> {
  return docker.getContainer(`${PREFIX}-${role}`).inspect();
}

async function storedExitCode(): Promise<unknown> {
  return (await deployment.resources()).get("job")?.outputs["exitCode"];
}

async function namesOnHost(): Promise<string[]> {
  const found = await docker.listContainers({ all: true, filters: { name: [PREFIX] } });
  return found.flatMap(({ Names }) => Names);
}
