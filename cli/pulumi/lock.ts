import { readdir, readFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { isRunning, programName } from "../process/liveness.ts";

/** A lock of the local backend: who works on the stack. */
export interface Lock {
  readonly pid: number;
  readonly hostname: string;
  readonly username: string;
  readonly timestamp: string;
}

/** Whether the lock's owner still works, can only be asked on another machine, or is gone. */
export type LockState = "live" | "elsewhere" | "dead";

/** Locks on the stack. A lock that a killed run left half-written counts as that of a dead process. */
export async function readLocks(directory: string): Promise<Lock[]> {
  const files = (await readdir(directory).catch(() => [])).filter((file) => file.endsWith(".json"));
  return Promise.all(
    files.map(async (file) => parseLock(await readFile(join(directory, file), "utf8").catch(() => ""))),
  );
}

export function parseLock(text: string): Lock {
  const unreadable: Lock = { pid: 0, hostname: hostname(), username: "unknown", timestamp: "unknown" };
  try {
    return { ...unreadable, ...(JSON.parse(text) as Partial<Lock>) };
  } catch {
    return unreadable;
  }
}

export async function lockState(lock: Lock): Promise<LockState> {
  if (lock.hostname !== hostname()) return "elsewhere";
  if (lock.pid <= 0 || !(await isRunning(lock.pid))) return "dead";
  const program = await programName(lock.pid);
  // The id may belong to another program by now.
  return program === undefined || program.startsWith("pulumi") ? "live" : "dead";
}
