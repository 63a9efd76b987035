import { type Size, toMegabytes } from "../core/units.ts";

export const PORT = 6379;

/** Folder of the append-only file, the one that the official images declare as a volume. */
export const DATA_PATH = "/data";

export const CONFIG_FOLDER = "/usr/local/etc/redis";

export const CONFIG_PATH = `${CONFIG_FOLDER}/redis.conf`;

/** Users, on the volume: the server writes here what `ACL SAVE` keeps, and reads it when it starts. */
const USERS_PATH = `${DATA_PATH}/users.acl`;

/** Part of the container's memory that data may fill. A rewrite of the append-only file copies what changes meanwhile. */
const DATA_SHARE = 0.6;

export interface RedisConfig {
  /** Number of databases. A client that asks for a higher one silently lands in database 0 (C-29). */
  readonly databases: number;
  /** Memory limit of the container. */
  readonly memory: Size;
  /** Whether clients log in. They do not unless given. */
  readonly authentication?: boolean;
}

/** The server's configuration file. Losing a task or an event is losing work: everything is written down, nothing is evicted. */
export function renderRedisConfig(config: RedisConfig): string {
  const directives: Readonly<Record<string, string>> = {
    port: String(PORT),
    // Who may connect is decided by the container's network.
    "protected-mode": "no",
    databases: String(config.databases),
    dir: DATA_PATH,
    appendonly: "yes",
    appendfsync: "everysec",
    // The append-only file is enough; snapshots would fork a second time.
    save: '""',
    maxmemory: `${Math.floor(toMegabytes(config.memory) * DATA_SHARE)}mb`,
    // A full server answers with an error that a client sees; an evicted stream is gone in silence (C-32).
    "maxmemory-policy": "noeviction",
    ...(config.authentication === true ? { aclfile: USERS_PATH } : {}),
  };
  return `${Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join("\n")}\n`;
}

/**
 * Starts a server that asks for a password. It refuses to start without its file of users, and takes no user from
 * elsewhere beside it: the administrator, whose password is in `REDISCLI_AUTH`, is written anew at each start, and all
 * other users stay.
 */
export function renderStartScript(): string {
  return [
    "set -eu",
    "umask 077",
    `hash=$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -d ' ' -f 1)`,
    "{",
    '  echo "user default on sanitize-payload #$hash ~* &* +@all"',
    `  if [ -f ${USERS_PATH} ]; then sed '/^user default /d' ${USERS_PATH}; fi`,
    `} > ${USERS_PATH}.new`,
    `mv ${USERS_PATH}.new ${USERS_PATH}`,
    `exec redis-server ${CONFIG_PATH}`,
  ].join("\n");
}

/** Makes the user that its arguments describe. The password comes last and through a pipe: a process list shows none. */
export const CREATE_USER_SCRIPT = [
  "set -eu",
  `printf '>%s' "$NEW_USER_PASSWORD" | redis-cli -e -x -h "$REDIS_HOST" ACL SETUSER "$@"`,
  'redis-cli -e -h "$REDIS_HOST" ACL SAVE',
].join("\n");
