import { readdir, readFile, readlink } from "node:fs/promises";
import type Docker from "dockerode";
import { programName } from "../process/liveness.ts";

/** Who listens on a port of the host, as far as it can be known. */
export async function findPortOwner(docker: Docker, port: number): Promise<string> {
  const containers = await docker.listContainers();
  const container = containers.find(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === port));
  if (container !== undefined) return `the container ${container.Names[0]?.slice(1) ?? container.Id}`;
  return (await findProcess(port)) ?? "a program that cannot be seen from here";
}

/** The process with a listening socket on the port: its inode is in the kernel's table and among the process's files. */
async function findProcess(port: number): Promise<string | undefined> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((file) => readFile(`/proc/net/${file}`, "utf8").catch(() => "")),
  );
  const inodes = tables.flatMap((table) => listeningInodes(table, port));
  if (inodes.length === 0) return undefined;
  const sockets = new Set(inodes.map((inode) => `socket:[${inode}]`));
  for (const entry of await readdir("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    if (await holdsSocket(entry, sockets)) return `${await programName(Number(entry))} (process ${entry})`;
  }
  return undefined;
}

const LISTENING = "0A";

/** Inodes of the sockets that listen on the port, from `/proc/net/tcp` or `/proc/net/tcp6`. */
export function listeningInodes(table: string, port: number): string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, "0")}`;
  return table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(suffix) === true && state === LISTENING)
    .map((fields) => fields[9] ?? "");
}

async function holdsSocket(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const directory = `/proc/${pid}/fd`;
  const files = await readdir(directory).catch(() => []);
  const links = await Promise.all(files.map((file) => readlink(`${directory}/${file}`).catch(() => "")));
  return links.some((link) => sockets.has(link));
}
