import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const BOOTSTRAP = join(import.meta.dirname, "../../../../cli/bootstrap.mjs");
const LOCK = JSON.stringify({
  packages: {
    "": { name: "platform" },
    "node_modules/one": { version: "1.0.0", integrity: "sha512-one" },
    "node_modules/other-platform": { version: "1.0.0", optional: true },
  },
});
/** Makes this Node look like an older one. */
const AS_NODE_20 = [
  "--import",
  'data:text/javascript,Object.defineProperty(process,"versions",{value:{node:"20.0.0"}})',
];

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

describe("bootstrap", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "bootstrap-"));
    for (const folder of ["cli", "node_modules/.bin"]) await mkdir(join(root, folder), { recursive: true });
    await copyFile(BOOTSTRAP, join(root, "cli", "bootstrap.mjs"));
    await writeFile(join(root, "package.json"), '{"type":"module"}');
    await writeFile(join(root, "package-lock.json"), LOCK);
    await symlink(process.execPath, join(root, "node_modules/.bin/node"));
    await writeMain("console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;");
    await writeFile(join(root, "npm.mjs"), "console.error('npm error code E404'); process.exitCode = 3;");
  });
  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  async function writeMain(script: string): Promise<void> {
    await writeFile(join(root, "cli", "main.ts"), script);
  }

  async function installPackage(version: string): Promise<void> {
    const record = { packages: { "node_modules/one": { version, integrity: "sha512-one" } } };
    await writeFile(join(root, "node_modules/.package-lock.json"), JSON.stringify(record));
  }

  function run(nodeArgs: readonly string[] = [], onLine: (pid: number) => void = () => {}): Promise<Ended> {
    const child = spawn(
      process.execPath,
      [...nodeArgs, join(root, "cli", "bootstrap.mjs"), "up", "--stack", "dev"],
      {
        env: { PATH: process.env["PATH"], HOME: root, npm_execpath: join(root, "npm.mjs") },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        output += String(text);
        onLine(child.pid ?? 0);
      });
    }
    return new Promise((resolve) => {
      child.on("close", (code, signal) => resolve({ code, signal, output }));
    });
  }

  test.each([
    ["a Node that is new enough", []],
    ["an older Node, through the packaged one", AS_NODE_20],
  ])("under %s it runs the command line with its arguments and its exit code", async (_which, nodeArgs) => {
    await installPackage("1.0.0");

    expect(await run(nodeArgs)).toEqual({ code: 7, signal: null, output: '["up","--stack","dev"]\n' });
  });

  test("libraries are compiled into a cache outside of the repository", async () => {
    await installPackage("1.0.0");
    await writeMain("console.log(process.env.NODE_COMPILE_CACHE)");

    expect((await run(AS_NODE_20)).output).toBe(`${join(root, ".cache/storytelling/node-compile-cache")}\n`);
  });

  test("packages that match the lock file are not installed again, and the next run only compares a hash", async () => {
    await installPackage("1.0.0");
    await run();
    await rm(join(root, "node_modules/.package-lock.json"));

    expect((await run()).code).toBe(7);
    expect(await readFile(join(root, "node_modules/.storytelling-lock"), "utf8")).toBe(
      createHash("sha256").update(LOCK).digest("hex"),
    );
  });

  test.each(["of another version", "missing"])(
    "a package that is %s is installed; when that fails the cause and the remedy are told",
    async (state) => {
      if (state !== "missing") await installPackage("0.9.0");

      const { code, output } = await run();

      expect(code).toBe(1);
      expect(output).toContain("installing packages (npm ci)\n`npm ci` failed after ");
      expect(output).toContain("    npm error code E404\n  Check that the npm registry answers");
    },
  );

  test("after an installation it goes on by itself", async () => {
    await writeFile(join(root, "npm.mjs"), "console.log(process.argv.slice(2).join(' '));");

    const { code, output } = await run();

    expect(code).toBe(7);
    expect(output).toMatch(/^installing packages \(npm ci\)\ninstalled packages \(npm ci\) in \d+s\n\["up"/);
  });

  test("an older Node without a packaged one is told what to install", async () => {
    await installPackage("1.0.0");
    await rm(join(root, "node_modules/.bin/node"));

    const { code, output } = await run(AS_NODE_20);

    expect(code).toBe(1);
    expect(output).toContain("Install Node 24 (https://nodejs.org)");
  });

  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s reaches the command line, which ends in good order",
    async (signal) => {
      await installPackage("1.0.0");
      await writeMain(`
      setTimeout(() => {}, 20_000);
      process.on("${signal}", () => { console.log("ended"); process.exit(5); });
      console.log("ready");
    `);
      let sent = false;

      const ended = await run(AS_NODE_20, (pid) => {
        if (!sent) process.kill(pid, signal);
        sent = true;
      });

      expect(ended).toEqual({ code: 5, signal: null, output: "ready\nended\n" });
    },
  );

  test("a command line that is killed by a signal looks so from outside", async () => {
    await installPackage("1.0.0");
    await writeMain('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 20_000);');

    expect(await run(AS_NODE_20)).toMatchObject({ code: null, signal: "SIGTERM" });
  });
});
