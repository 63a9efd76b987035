import { createRequire, registerHooks } from "node:module";

// What Pulumi's SDK does for purposes that this program does not have; together it is most of the time of a preview.
// Whoever hunts a bug sets `NODE_OPTIONS=--stack-trace-limit=50` and gets all of it back.
if (process.env["NODE_OPTIONS"]?.includes("--stack-trace-limit") !== true) {
  withoutStackTraces();
  withoutNpm();
  withoutDebugMessages();
}

/** A stack trace is kept for every promise, half of the time of a preview. Our own input errors need none. */
function withoutStackTraces(): void {
  Error.stackTraceLimit = 0;
}

/**
 * To find the packages of a serialised function the SDK loads npm's installer, 446 modules and half of its own loading
 * time. This program serialises no function.
 */
function withoutNpm(): void {
  registerHooks({
    load: (url, context, nextLoad) =>
      url.includes("/node_modules/@npmcli/arborist/")
        ? { format: "commonjs", source: "module.exports = {};", shortCircuit: true }
        : nextLoad(url, context),
  });
}

/** Four messages for each resource go to the engine, one after the other, to be shown with `--debug` only. */
function withoutDebugMessages(): void {
  const log = createRequire(import.meta.url)("@pulumi/pulumi/log/index.js") as { debug: () => Promise<void> };
  log.debug = () => Promise.resolve();
}
