import type Docker from "dockerode";
import { UserError } from "../../components/core/errors.ts";
import { execInContainer } from "../docker/engine.ts";

/** Runs one command on one database and returns its answer. Throws a UserError with the server's own words. */
export type RedisCommands = (...command: readonly (string | number)[]) => Promise<unknown>;

/**
 * Commands on a Redis server without a port of the host: `redis-cli` in its own container, which needs no password on
 * a command line.
 */
export function redisCommands(docker: Docker, container: string, database: number): RedisCommands {
  return async (...command) => {
    const call = ["redis-cli", "-e", "-n", String(database), "--json", ...command.map(String)];
    const { exitCode, output } = await execInContainer(docker, container, call);
    if (exitCode === 0) return JSON.parse(output) as unknown;
    throw new UserError(
      `Redis in ${container} refused ${command[0]}: ${output.trim()}; see \`docker logs ${container}\``,
    );
  };
}
