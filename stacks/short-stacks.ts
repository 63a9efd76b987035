/**
 * Pulumi keeps a stack trace for every promise, which is half of the time of a preview. The program's own input
 * errors need none. Whoever hunts a bug sets `NODE_OPTIONS=--stack-trace-limit=50` and gets the traces back.
 */
if (process.env["NODE_OPTIONS"]?.includes("--stack-trace-limit") !== true) {
  Error.stackTraceLimit = 0;
}
