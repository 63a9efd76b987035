import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../components/core/errors.ts";
import { processIdentity } from "../process/liveness.ts";
import type { Workspace } from "./workspace.ts";

interface Holder {
  readonly pid: number;
  readonly identity: string | undefined;
  readonly verb: string;
}

/**
 * Keeps two verbs that change the stack apart. Pulumi's own lock covers its part of a run only, and not the
 * repairs before it. The lock of a dead run counts for nothing.
 */
export async function withRunLock<T>(workspace: Workspace, verb: string, run: () => Promise<T>): Promise<T> {
  const file = join(workspace.backend, `${workspace.stack}.run`);
  await acquire(file, verb);
  try {
    return await run();
  } finally {
    await rm(file, { force: true });
  }
}

async function acquire(file: string, verb: string): Promise<void> {
  await mkdir(join(file, ".."), { recursive: true, mode: 0o700 });
  const own: Holder = { pid: process.pid, identity: await processIdentity(process.pid), verb };
  try {
    await writeFile(file, JSON.stringify(own), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = await readHolder(file);
    if (holder !== undefined && (await processIdentity(holder.pid)) === holder.identity) {
      throw new UserError(
        `\`storytelling ${holder.verb}\` (process ${holder.pid}) is working on this stack. ` +
          "Wait until it has ended, or end it with an interrupt, and run this again.",
      );
    }
    await rm(file, { force: true });
    await acquire(file, verb);
  }
}

async function readHolder(file: string): Promise<Holder | undefined> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as Holder;
  } catch {
    return undefined;
  }
}
