import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import type { ReportProgress } from "../../offline/progress.ts";
import { connectDocker } from "../docker/engine.ts";
import { type Daemon, spawnDaemon } from "./docker-daemon.ts";
import { createReporter, type Reporter } from "./reporter.ts";
import { DOCKER_DAEMON, ensureSystemProgram } from "./system-packages.ts";

/** What is known of the Docker Engine. */
export interface DockerEngine {
  /** Version of the engine, for example `20.10.24`. */
  readonly version: string;
  /** Newest API version that it speaks, for example `1.41`. */
  readonly apiVersion: string;
}

const START_PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 200;

/**
 * Makes sure that a Docker Engine answers: the running one, else one that is installed and started here. Throws a
 * UserError with the command to run where that is not possible. One request when it runs already.
 */
export async function prepareDocker(reporter: Reporter = createReporter()): Promise<DockerEngine> {
  const docker = connectDocker();
  return (await askEngine(docker)) ?? (await startEngine(docker, reporter));
}

async function askEngine(docker: Docker): Promise<DockerEngine | undefined> {
  return docker.version().then(
    ({ Version, ApiVersion }) => ({ version: Version, apiVersion: ApiVersion }),
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EACCES") return undefined;
      throw new UserError(
        "the Docker daemon refuses this user: run this as root, or add the user to the group `docker` (`sudo usermod -aG docker $USER`, then log in again)",
      );
    },
  );
}

async function startEngine(docker: Docker, reporter: Reporter): Promise<DockerEngine> {
  const host = process.env["DOCKER_HOST"];
  if (host !== undefined && host !== "") {
    throw new UserError(
      `the Docker daemon at DOCKER_HOST=${host} does not answer: start it, or unset DOCKER_HOST to use a local one`,
    );
  }
  return reporter.step("Docker Engine", async ({ report }) => {
    await ensureSystemProgram(DOCKER_DAEMON, report);
    // Installing the package may have started it.
    return (await askEngine(docker)) ?? (await startInstalled(docker, report));
  });
}

async function startInstalled(docker: Docker, report: ReportProgress): Promise<DockerEngine> {
  if (process.getuid?.() !== 0) {
    throw new UserError(
      "the Docker daemon is not running: start it with `sudo systemctl start docker`, then run this again",
    );
  }
  report("starting the daemon");
  if (existsSync("/run/systemd/system")) {
    await startBySystemd();
    return waitForEngine(docker, { failure: async () => undefined, log: "journalctl --unit docker" });
  }
  return waitForEngine(docker, await spawnDaemon());
}

async function startBySystemd(): Promise<void> {
  await promisify(execFile)("systemctl", ["start", "docker"]).catch(async () => {
    const journal = promisify(execFile)("journalctl", ["--unit", "docker", "--no-pager", "--lines", "15"]);
    const lines = await journal.then(({ stdout }) => stdout, String);
    throw new UserError(
      `the Docker daemon did not start:\n${lines}\n  Correct what it says, try \`systemctl start docker\`, then run this again.`,
    );
  });
}

async function waitForEngine(docker: Docker, daemon: Daemon): Promise<DockerEngine> {
  const deadline = performance.now() + START_PATIENCE_MILLISECONDS;
  while (performance.now() < deadline) {
    const engine = await askEngine(docker);
    if (engine !== undefined) return engine;
    const failure = await daemon.failure();
    if (failure !== undefined) throw new UserError(failure);
    await sleep(POLL_MILLISECONDS);
  }
  throw new UserError(
    `the Docker daemon was started and does not answer after ${START_PATIENCE_MILLISECONDS / 1000} seconds: see its log (${daemon.log}), then run this again`,
  );
}
