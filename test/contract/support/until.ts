import { setTimeout as sleep } from "node:timers/promises";

/** Asks until the answer is yes. Throws after the time with what was waited for. */
export async function until(what: string, isSo: () => Promise<boolean>, seconds = 60): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${seconds} s`);
    await sleep(300);
  }
}
