import { Readable } from "node:stream";
import { styleText } from "node:util";
import type Docker from "dockerode";
import { RUNS_TO_END_LABEL } from "../../components/core/owner-labels.ts";
import { demultiplex } from "../docker/engine.ts";
import { isOwnedBy, type Owner } from "../docker/ownership.ts";
import { MARKS } from "../ui/say.ts";
import { adviceFor, type FailedContainer } from "./advice.ts";

const LOG_LINES = 15;
const MEBIBYTE = 1024 * 1024;

/** What can be said about every container of the stack that is not up and well. */
export async function diagnose(docker: Docker, owner: Owner): Promise<string[]> {
  const containers = await docker.listContainers({ all: true });
  const own = containers.filter(({ Labels }) => isOwnedBy(owner, Labels));
  const infos = await Promise.all(own.map(({ Id }) => docker.getContainer(Id).inspect()));
  const failed = await Promise.all(infos.filter(isFailed).map((info) => describe(docker, info)));
  return failed.map(formatFailure);
}

/** Whether a container is not up and well, and has not ended well either where that is its job. */
export function isFailed({ State, Config }: Pick<Docker.ContainerInspectInfo, "State" | "Config">): boolean {
  if (Config.Labels[RUNS_TO_END_LABEL] === "true") return State.Status === "exited" && State.ExitCode !== 0;
  const health = State.Health?.Status;
  return State.Status !== "running" || (health !== undefined && health !== "healthy" && health !== "none");
}

async function describe(docker: Docker, info: Docker.ContainerInspectInfo): Promise<FailedContainer> {
  const { State, HostConfig } = info;
  return {
    name: info.Name.slice(1),
    status: State.Status,
    exitCode: State.ExitCode,
    oomKilled: State.OOMKilled,
    restarts: info.RestartCount,
    error: State.Error,
    health: State.Health?.Status,
    healthOutput: State.Health?.Log?.at(-1)?.Output.trim() ?? "",
    memoryMegabytes: Math.round((HostConfig.Memory ?? 0) / MEBIBYTE),
    logs: await lastLogLines(docker, info.Id),
  };
}

async function lastLogLines(docker: Docker, id: string): Promise<string[]> {
  const framed = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: LOG_LINES });
  const text = await demultiplex(docker, Readable.from([framed]));
  return text
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "");
}

/** One failed container as a block of lines, the advice last. */
export function formatFailure(container: FailedContainer): string {
  const { name, status, exitCode, oomKilled, restarts, error, health, healthOutput, logs } = container;
  const facts = [
    `state ${status}`,
    `exit code ${exitCode}`,
    `out of memory: ${oomKilled ? "yes" : "no"}`,
    ...(restarts > 0 ? [`restarted ${restarts} times`] : []),
    ...(health === undefined ? [] : [`health ${health}`]),
  ];
  return [
    `${MARKS.failed} ${styleText("bold", name)}: ${facts.join(", ")}`,
    ...(error === "" ? [] : [`  Docker says: ${error}`]),
    ...block("last health output", healthOutput === "" ? [] : healthOutput.split("\n")),
    ...block("last log lines", logs),
    `  → ${adviceFor(container)}`,
  ].join("\n");
}

function block(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines.map((line) => `    ${line}`)];
}
