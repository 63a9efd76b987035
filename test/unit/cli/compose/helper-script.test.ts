import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { helperScript } from "../../../../cli/compose/helper-script.ts";
import { catalogStage } from "../../../support/compose.ts";

let folder: string;

/** A folder with the script of stage 7 and, in the place of docker and npm, programs that write down how they were called. */
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "storytelling-script-"));
  await mkdir(join(folder, "bin"));
  await mkdir(join(folder, "stage7-api"));
  await program("docker", 'case "$*" in "network inspect"*) [ -f "$LOG.network" ] ;; esac');
  await program("npm", 'touch "$LOG.network"');
  await program("curl", 'echo "{}"');
  await writeFile(script(), helperScript(catalogStage("api"), "http://localhost:8080"), { mode: 0o755 });
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function script(): string {
  return join(folder, "stage7-api", "run-with-infrastructure.sh");
}

async function program(name: string, body: string): Promise<void> {
  const file = join(folder, "bin", name);
  await writeFile(file, `#!/bin/bash\necho "${name} $*" >> "$LOG"\n${body}\n`);
  await chmod(file, 0o755);
}

async function run(...args: readonly string[]) {
  const log = join(folder, "log");
  const env = { PATH: `${join(folder, "bin")}:${process.env["PATH"]}`, LOG: log };
  const { exitCode, stdout, stderr } = await execa(script(), args, { env, cwd: folder, reject: false });
  const calls = await readFile(log, "utf8").catch(() => "");
  return { exitCode, stdout, stderr, calls: calls.split("\n").filter((line) => line !== "") };
}

const COMPOSE = "docker compose --project-name stage7-api --file docker-compose.infrastructure.yml";

describe("the helper script", () => {
  test("starts the stage, waits for it and shows its URL (000-066)", async () => {
    await writeFile(join(folder, "log.network"), "");
    const { exitCode, stdout, calls } = await run("start");

    expect(exitCode).toBe(0);
    expect(calls).toEqual(["docker network inspect storytelling", `${COMPOSE} up --detach --wait`]);
    expect(stdout).toContain("http://localhost:8080/api/v1/public/health");
  });

  test("brings up the platform beside it first when its network is not there (000-061, 000-064)", async () => {
    await mkdir(join(folder, "infrastructure"));
    await writeFile(join(folder, "infrastructure", "package.json"), "{}");
    const { calls } = await run("start");

    expect(calls[1]).toBe("npm --prefix ../infrastructure run up");
    expect(calls[2]).toBe(`${COMPOSE} up --detach --wait`);
  });

  test("fails with what to do when there is no platform", async () => {
    const { exitCode, stderr, calls } = await run("start");

    expect(exitCode).toBe(1);
    expect(stderr).toContain("npm run up");
    expect(calls).toHaveLength(1);
  });

  test.each([
    ["stop", [], `${COMPOSE} down`],
    ["logs", [], `${COMPOSE} logs --follow api-service`],
    ["logs", ["celery-worker"], `${COMPOSE} logs --follow celery-worker`],
    ["health", [], "curl --silent --show-error http://localhost:8080/api/v1/public/health"],
  ])("%s %j is `%s` (000-067, 000-068, 000-188)", async (verb, args, expected) => {
    expect((await run(verb, ...args)).calls).toEqual([expected]);
  });

  test.each([
    ["a body of JSON", '{"status": "healthy"}', /"status": "healthy"/],
    ["an answer of the gateway itself", "Too Many Requests", /^Too Many Requests$/],
  ])("`health` shows %s", async (_, body, shown) => {
    await program("curl", `echo '${body}'`);
    const { exitCode, stdout } = await run("health");

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(shown);
  });

  test("asks a gateway with TLS without looking at the name in its certificate", async () => {
    await writeFile(script(), helperScript(catalogStage("api"), "https://localhost"), { mode: 0o755 });

    expect((await run("health")).calls).toEqual([
      "curl --silent --show-error --insecure https://localhost/api/v1/public/health",
    ]);
  });

  test.each([[], ["help"], ["restart"]])(
    "shows its verbs for anything else (000-062): %s",
    async (...args) => {
      const { stdout, calls } = await run(...args);

      expect(stdout).toMatch(/^Usage: .*run-with-infrastructure\.sh \{start\|stop\|logs\|health\}$/);
      expect(calls).toEqual([]);
    },
  );
});
