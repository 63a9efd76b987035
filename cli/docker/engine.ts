import { type Duplex, PassThrough, type Readable } from "node:stream";
import { text } from "node:stream/consumers";
import Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";

/** The Docker daemon that the environment names (`DOCKER_HOST`), or the local one. */
export function connectDocker(): Docker {
  return new Docker();
}

/** Throws a UserError with the remedy when the daemon does not answer. */
export async function assertDockerAnswers(docker: Docker): Promise<void> {
  try {
    await docker.ping();
  } catch (error) {
    throw new UserError(
      `the Docker daemon does not answer: ${(error as Error).message}. Start it (\`systemctl start docker\`), or set DOCKER_HOST.`,
    );
  }
}

/** What a command in a container printed and how it ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly output: string;
}

/** Runs a command in a running container, as `docker exec` does. Both streams are in the output, in their order. */
export async function execInContainer(
  docker: Docker,
  container: string,
  command: readonly string[],
  timeoutSeconds = 30,
): Promise<ExecResult> {
  const exec = await docker.getContainer(container).exec({
    Cmd: [...command],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = await exec.start({ hijack: true, stdin: false });
  const output = await readOutput(docker, stream, timeoutSeconds);
  const { ExitCode } = await exec.inspect();
  return { exitCode: ExitCode ?? -1, output };
}

async function readOutput(docker: Docker, stream: Duplex, timeoutSeconds: number): Promise<string> {
  const timer = setTimeout(
    () => stream.destroy(new Error(`no answer in ${timeoutSeconds} seconds`)),
    timeoutSeconds * 1000,
  );
  try {
    return await demultiplex(docker, stream);
  } finally {
    clearTimeout(timer);
  }
}

/** Docker frames output and errors into one stream; this is their text in its order. */
export async function demultiplex(docker: Docker, stream: Readable): Promise<string> {
  const plain = new PassThrough();
  docker.modem.demuxStream(stream, plain, plain);
  stream.once("end", () => plain.end());
  stream.once("error", (error) => plain.destroy(error));
  return text(plain);
}
