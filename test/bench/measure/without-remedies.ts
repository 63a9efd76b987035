import type { Variables } from "../processes.ts";

/** Node's own limit, named in the way that `stacks/quick-start.ts` respects. */
export const WITH_STACK_TRACES: Variables = { NODE_OPTIONS: "--stack-trace-limit=10" };

/** The stand-in plugins set a cache of their own, so this concerns the program alone. */
export const WITHOUT_COMPILE_CACHE: Variables = { NODE_COMPILE_CACHE: undefined };
