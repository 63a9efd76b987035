import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const MEMORY_FILE = join(import.meta.dirname, "../../.storytelling/setup.json");

const toolchainSchema = z.object({
  /** The Pulumi CLI. */
  command: z.string(),
  /** Folders that must be on PATH for it. */
  folders: z.array(z.string()),
  /** Folder of the policy pack, from the root of the repository. */
  policyPack: z.string(),
  /** Names of the providers that are stood in for. */
  standIns: z.array(z.string()),
  /** The facts under which the rest holds. */
  facts: z.string(),
});

/** What stands in for an official image that cannot be pulled: the one built here, or nothing. */
const substituteSchema = z.enum(["offline", "unavailable"]);

const memorySchema = z.object({
  toolchain: toolchainSchema.optional(),
  /** By official reference. */
  images: z.record(z.string(), substituteSchema).optional(),
});

export type RememberedToolchain = Readonly<z.infer<typeof toolchainSchema>>;
export type Substitute = z.infer<typeof substituteSchema>;

/** What earlier runs decided, so that a run on which nothing changed asks nobody. */
export type Memory = Readonly<z.infer<typeof memorySchema>>;

/** What is remembered; nothing where it has another form than today's, which costs one thorough run. */
export async function recall(file: string = MEMORY_FILE): Promise<Memory> {
  const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "{}";
    throw error;
  });
  try {
    return memorySchema.parse(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Adds to what is remembered, in one move. */
export async function remember(news: Memory, file: string = MEMORY_FILE): Promise<void> {
  const draft = `${file}-${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, `${JSON.stringify({ ...(await recall(file)), ...news }, null, 2)}\n`);
  await rename(draft, file);
}
