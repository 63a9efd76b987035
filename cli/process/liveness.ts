import { readFile } from "node:fs/promises";

/** States of a process that has ended and whose parent has not asked how. */
const ENDED: readonly (string | undefined)[] = ["Z", "X"];

/** Whether a process of this id runs. A process of somebody else runs too. */
export async function isRunning(pid: number): Promise<boolean> {
  return exists(pid) && !ENDED.includes((await readStat(pid))?.[0]);
}

/**
 * What tells a process from a later one with the same id: on Linux the moment of its start. Undefined when there
 * is no such process.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (!(await isRunning(pid))) return undefined;
  return (await readStat(pid))?.[19] ?? "unknown";
}

/** Name of a process's program, as the kernel has it (at most 15 characters). Undefined where it cannot be known. */
export async function programName(pid: number): Promise<string | undefined> {
  return (await readProc(pid, "comm"))?.trim();
}

/** A process's variables at its start. Empty where they cannot be read. */
export async function processEnvironment(pid: number): Promise<readonly string[]> {
  return (await readProc(pid, "environ"))?.split("\0") ?? [];
}

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The fields after the name, which stands in parentheses and may hold spaces: state first, start time 20th. */
async function readStat(pid: number): Promise<readonly string[] | undefined> {
  const stat = await readProc(pid, "stat");
  return stat?.slice(stat.lastIndexOf(")") + 2).split(" ");
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  return readFile(`/proc/${pid}/${file}`, "utf8").catch(() => undefined);
}
