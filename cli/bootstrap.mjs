#!/usr/bin/env node
// The one file that runs before anything is installed: plain JavaScript for Node 20 and later, Node's own modules only.
// It makes sure that node_modules is what package-lock.json says, then hands over to cli/main.ts under Node 24.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const MODULES = join(ROOT, "node_modules");
const STAMP = join(MODULES, ".storytelling-lock");
const MAIN = join(ROOT, "cli", "main.ts");
/** The oldest Node that runs TypeScript as it is and is supported for long. */
const NODE_MAJOR = 24;
const MOST_LINES = 15;

/** Prints what went wrong and what to do, and ends. */
function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Whether npm's own record of node_modules names the packages of the lock file, each in its version. */
function matchesLock(lock) {
  const record = join(MODULES, ".package-lock.json");
  if (!existsSync(record)) return false;
  const installed = JSON.parse(readFileSync(record, "utf8")).packages;
  const wanted = Object.entries(JSON.parse(lock).packages).filter(([path]) => path !== "");
  return wanted.every(([path, { version, integrity, optional }]) => {
    const found = installed[path];
    return found === undefined
      ? optional === true
      : found.version === version && found.integrity === integrity;
  });
}

async function ensureModules() {
  const lock = readFileSync(join(ROOT, "package-lock.json"), "utf8");
  const hash = createHash("sha256").update(lock).digest("hex");
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === hash) return;
  if (!matchesLock(lock)) await installModules();
  writeFileSync(STAMP, hash);
}

async function installModules() {
  const started = Date.now();
  const elapsed = () => `${Math.round((Date.now() - started) / 1000)}s`;
  const isTerminal = process.stderr.isTTY;
  const show = (line) => process.stderr.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
  show("installing packages (npm ci)");
  const ticker = setInterval(
    () => show(`installing packages (npm ci) · ${elapsed()}`),
    isTerminal ? 1_000 : 30_000,
  );
  const { code, output } = await npm([
    "ci",
    "--ignore-scripts",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ]);
  clearInterval(ticker);
  if (code !== 0) {
    // npm says the cause first and its usage last.
    const lines = output.trimEnd().split("\n").slice(0, MOST_LINES);
    fail(
      [
        `${isTerminal ? "\n" : ""}\`npm ci\` failed after ${elapsed()}:`,
        ...lines.map((line) => `    ${line}`),
        "  Check that the npm registry answers (`npm ping`) and that the disk has space, then run this again.",
      ].join("\n"),
    );
  }
  show(`installed packages (npm ci) in ${elapsed()}${isTerminal ? "\n" : ""}`);
  installHooks();
}

/** A fresh clone has no git hooks. CI and a copy without git need none, and no run fails for want of them. */
function installHooks() {
  if (process.env.CI !== undefined || !existsSync(join(ROOT, ".git"))) return;
  spawnSync(join(MODULES, ".bin", "lefthook"), ["install"], { cwd: ROOT, stdio: "ignore" });
}

function npm(args) {
  // Under `npm run` this is the npm that was called.
  const cli = process.env.npm_execpath;
  const [program, first] = cli === undefined ? ["npm", []] : [process.execPath, [cli]];
  const child = spawn(program, [...first, ...args], { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      output += text;
    });
  }
  return new Promise((resolve) => {
    child.on("error", (error) => resolve({ code: 1, output: error.message }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

/** The Node of an npm package, for a machine whose own is older. */
function packagedNode() {
  const node = join(MODULES, ".bin", "node");
  if (existsSync(node)) return node;
  return fail(
    `Node ${NODE_MAJOR} or later is needed: this is ${process.version}, and there is no packaged Node for ${process.platform} on ${process.arch}. Install Node ${NODE_MAJOR} (https://nodejs.org), then run this again.`,
  );
}

function handOver(node) {
  const child = spawn(node, [MAIN, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal interrupts the whole group: passed on, the child would be interrupted twice, which Pulumi takes as "stop at once".
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY && !process.stderr.isTTY) child.kill("SIGINT");
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) =>
    fail(`${node} cannot be run: ${error.message}. Remove node_modules and run this again.`),
  );
  child.on("close", (code, signal) => {
    if (signal === null) process.exit(code);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

await ensureModules();
// Compiled code of the libraries is kept between runs: half of a short run would be spent on compiling them.
process.env.NODE_COMPILE_CACHE ??= join(homedir(), ".cache", "storytelling", "node-compile-cache");
if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR) {
  const { enableCompileCache } = await import("node:module");
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
  process.argv[1] = MAIN;
  await import(pathToFileURL(MAIN).href);
} else {
  handOver(packagedNode());
}
