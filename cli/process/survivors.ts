import { readdir } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isRunning, processEnvironment, programName } from "./liveness.ts";

/** Variable that every process of a run carries, so that what outlives a killed run is found. */
export const RUN_VARIABLE = "STORYTELLING_RUN_OF";

/** How long a process may take to end before it is killed. */
const GRACE_MILLISECONDS = 5000;

export interface Survivor {
  readonly pid: number;
  readonly program: string;
}

/** Processes that a killed run on this backend left behind: providers, the program, builds. Linux only. */
export async function findSurvivors(backend: string): Promise<Survivor[]> {
  const pids = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map((pid) => inspect(pid, backend)));
  return found.flat();
}

async function inspect(pid: number, backend: string): Promise<Survivor[]> {
  if (pid === process.pid) return [];
  const environment = await processEnvironment(pid);
  if (!environment.includes(`${RUN_VARIABLE}=${backend}`)) return [];
  return [{ pid, program: (await programName(pid)) ?? "a process" }];
}

/** Ends processes that nobody waits for any more; those that do not end in time are killed. */
export async function endSurvivors(
  survivors: readonly Survivor[],
  graceMilliseconds = GRACE_MILLISECONDS,
): Promise<void> {
  for (const { pid } of survivors) signal(pid, "SIGTERM");
  const deadline = Date.now() + graceMilliseconds;
  while (Date.now() < deadline && (await anyRuns(survivors))) await sleep(100);
  for (const { pid } of survivors) signal(pid, "SIGKILL");
}

async function anyRuns(survivors: readonly Survivor[]): Promise<boolean> {
  return (await Promise.all(survivors.map(({ pid }) => isRunning(pid)))).includes(true);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
