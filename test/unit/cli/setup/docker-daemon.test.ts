import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { explain, spawnDaemon } from "../../../../cli/setup/docker-daemon.ts";

describe("a daemon that is started without a service manager", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "daemon-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  async function program(script: string): Promise<string> {
    const path = join(folder, "fake-dockerd");
    await writeFile(path, `#!/bin/sh\n${script}\n`);
    await chmod(path, 0o755);
    return path;
  }

  test("has a log and a pid file below the cache folder, and no failure while it runs", async () => {
    const daemon = await spawnDaemon(await program('echo $$ > "$2"; echo started; exec sleep 30'), folder);
    await vi.waitFor(async () => expect(await readFile(daemon.log, "utf8")).toBe("started\n"), 5_000);

    expect(await daemon.failure()).toBeUndefined();
    process.kill(Number(await readFile(join(folder, "dockerd.pid"), "utf8")));
  });

  test("that ends at once fails with its last lines and the remedy", async () => {
    const daemon = await spawnDaemon(
      await program("echo 'first' >&2; echo 'failed to start: Devices cgroup is not mounted' >&2; exit 1"),
      folder,
    );

    const failure = await vi.waitFor(async () => {
      const message = await daemon.failure();
      expect(message).toBeDefined();
      return message;
    }, 5_000);
    expect(failure).toBe(
      [
        "the Docker daemon ended at once. Its last lines:",
        "    first",
        "    failed to start: Devices cgroup is not mounted",
        "  The control groups are not mounted: `apt-get install cgroupfs-mount && cgroupfs-mount`, then run this again.",
      ].join("\n"),
    );
  });
});

describe("explanation of a daemon's log", () => {
  test.each([
    ["failed to create NAT chain DOCKER: iptables failed: iptables -t nat -N DOCKER", "iptables-legacy"],
    ["error initializing graphdriver: driver not supported", "data-root"],
    ["pid file found, ensure docker is not running", "Another daemon"],
  ])("%s -> a remedy that names %s", (line, remedy) => {
    expect(explain(`level=info msg=starting\n${line}\n`).split("\n").at(-1)).toContain(remedy);
  });

  test("the last line decides when several look familiar", () => {
    const log = "level=warning msg=iptables is old\nfailed to start: Devices cgroup is not mounted\n";

    expect(explain(log)).toContain("cgroupfs-mount");
  });

  test("an unknown cause still shows the lines, at most the last twelve", () => {
    const log = Array.from({ length: 40 }, (_, index) => `line ${index}`).join("\n");

    expect(explain(log).split("\n").slice(1, -1)).toEqual(
      Array.from({ length: 12 }, (_, index) => `    line ${index + 28}`),
    );
  });
});
