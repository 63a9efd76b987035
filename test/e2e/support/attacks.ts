/** Something that a stage must not be able to do. */
export interface Attack {
  readonly name: string;
  /** What runs in a container of the stage. */
  readonly command: readonly string[];
  /** By which words, or curl's exit code, it has to be refused; another failure is none. */
  readonly refusal: RegExp;
}

/** Addresses of containers on networks that no stage joins. */
export interface HiddenAddresses {
  readonly dockerApi: string;
  readonly gatewayInternal: string;
  readonly prometheus: string;
  readonly loki: string;
  readonly tempo: string;
  /** The host on the stages' own network. */
  readonly host: string;
}

/** Names on a network that it is not on. */
const UNKNOWN_NAME = /exit 6/;
/** Nobody listens. */
const NOBODY = /exit 7/;
/** No way leads there. */
const NO_WAY = /exit (7|28)/;
const NOT_PERMITTED = /PermissionError|Operation not permitted/;

/** The attacks, each from inside a container of stage 1 whose image has Python and curl. */
export function attacks(hidden: HiddenAddresses): Attack[] {
  return [...networkAttacks(hidden), ...storeAttacks(), ...gatewayAttacks(), ...kernelAttacks()];
}

function networkAttacks(hidden: HiddenAddresses): Attack[] {
  return [
    request("the Docker API by name", UNKNOWN_NAME, "http://docker-api:2375/version"),
    request("the Docker API by address", NO_WAY, `http://${hidden.dockerApi}:2375/version`),
    request("the Docker socket", NOBODY, "--unix-socket", "/var/run/docker.sock", "http://localhost/version"),
    request("the gateway's metrics and administration", NOBODY, "http://traefik:8082/metrics"),
    request("the same by their address", NO_WAY, `http://${hidden.gatewayInternal}:8082/metrics`),
    request("Grafana", UNKNOWN_NAME, "http://grafana:3000/api/admin/settings"),
    request("stopping Prometheus", NOBODY, "-X", "POST", "http://storytelling-prometheus:9090/-/quit"),
    request("false metrics", NO_WAY, "-X", "POST", `http://${hidden.prometheus}:9090/api/v1/write`),
    request("the logs of others", UNKNOWN_NAME, "http://loki:3100/loki/api/v1/labels"),
    request(
      "deleting logs",
      NO_WAY,
      "-X",
      "POST",
      `http://${hidden.loki}:3100/loki/api/v1/delete?query={a="b"}`,
    ),
    request("the traces of others", NOBODY, "http://tempo:3200/api/search"),
    request("the same by their address", NO_WAY, `http://${hidden.tempo}:3200/api/search`),
    request("joining the ring of Tempo", NOBODY, "telnet://tempo:7946"),
    request("Prometheus by the port of the host", NOBODY, `http://${hidden.host}:9090/-/ready`),
    request("PostgreSQL by the port of the host", NOBODY, `telnet://${hidden.host}:5432`),
  ];
}

function storeAttacks(): Attack[] {
  return [
    python(
      "the database of another stage",
      /permission denied for database/,
      sql({ database: "stage2_nlp" }),
    ),
    python("logging in as superuser", /password authentication failed/, sql({ user: "storytelling_admin" })),
    python("the passwords of all roles", /permission denied/, sql({ statement: "SELECT * FROM pg_shadow" })),
    python(
      "a program on the server",
      /permission denied/,
      sql({ statement: "COPY (SELECT 1) TO PROGRAM 'id'" }),
    ),
    python("emptying Redis", /NoPermission/, redis("FLUSHALL")),
    python("the configuration of Redis", /NoPermission/, redis("CONFIG", "GET", "*")),
    python("the keys of another stage", /NoPermission/, redis("SET", "stage2:stolen", "1")),
    python("the names of all keys", /NoPermission/, redis("KEYS", "*")),
    python("Redis without a password", /Authentication/, 'import redis; redis.Redis("redis-cache").get("a")'),
  ];
}

/** A statement on the stage's own database as its own user, or on another, with the stage's own password. */
export function sql({ user = "stage1_user", database = "stage1_cleaning", statement = "SELECT 1" }): string {
  return [
    "import asyncio, asyncpg, os",
    "async def main():",
    `  login = {"user": "${user}", "password": os.environ["POSTGRES_PASSWORD"], "database": "${database}"}`,
    '  connection = await asyncpg.connect(host="postgres", **login)',
    `  await connection.execute("""${statement}""")`,
    "asyncio.run(main())",
  ].join("\n");
}

/** A command on the cache as the stage's own user. */
export function redis(...command: readonly string[]): string {
  const list = command.map((part) => `"${part}"`).join(", ");
  return `import os, redis; redis.from_url(os.environ["REDIS_CACHE_URL"]).execute_command(${list})`;
}

/** Each leads to a refusal of the gateway, which curl's `--fail` turns into exit code 22. */
function gatewayAttacks(): Attack[] {
  const through = (name: string, status: number, path: string) =>
    request(name, new RegExp(`error: ${status}`), "--path-as-is", `http://traefik${path}`);
  return [
    through("an encoded slash", 400, "/api/v1/cleaning/..%2f..%2fmetrics"),
    through("an encoded backslash", 400, "/api/v1/cleaning/..%5c..%5cmetrics"),
    through("leaving the prefix by dots", 404, "/api/v1/cleaning/../../../metrics"),
    through("a doubled slash", 404, "//metrics"),
    through("an internal service of a stage", 503, "/api/v1/ner-service/health"),
    through("another's prefix by its beginning", 503, "/api/v1/nl/health"),
  ];
}

function kernelAttacks(): Attack[] {
  const call = (...parts: string[]) =>
    `import ctypes, os; l = ctypes.CDLL(None, use_errno=True); r = l.${parts.join("")}; e = ctypes.get_errno(); raise (OSError(e, os.strerror(e)) if r < 0 else SystemExit(0))`;
  return [
    python("mounting a file system", NOT_PERMITTED, call('mount(b"none", b"/tmp", b"tmpfs", 0, None)')),
    python("another root", NOT_PERMITTED, 'import os; os.chroot("/tmp")'),
    python("becoming root", NOT_PERMITTED, "import os; os.setuid(0)"),
    python(
      "a device of the host",
      NOT_PERMITTED,
      'import os, stat; os.mknod("/tmp/disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))',
    ),
    python(
      "packets of another sender (ARP)",
      NOT_PERMITTED,
      "import socket; socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    ),
    python(
      "raw IP",
      NOT_PERMITTED,
      "import socket; socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)",
    ),
    python("namespaces with all rights", NOT_PERMITTED, call("unshare(0x10000000)")),
    python("a kernel module", NOT_PERMITTED, call('syscall(175, b"", 0, b"")')),
    python("the clock of the host", NOT_PERMITTED, "import time; time.clock_settime(time.CLOCK_REALTIME, 0)"),
    shell("a setting of the kernel", /Read-only file system/, "echo 1 > /proc/sys/kernel/panic"),
    shell("changing the program", /Read-only file system/, "echo x > /app/reference_stage/api.py"),
    shell("a program of its own in memory", /Permission denied/, "cp /bin/true /tmp/true && /tmp/true"),
    shell("the shared files of another stage", /No such file or directory/, "ls /shared/stage2"),
    shell(
      "a program that is run as its owner",
      /NoNewPrivs:\s+1/,
      "grep NoNewPrivs /proc/self/status; exit 1",
    ),
  ];
}

/** curl with an exit code that is told as text, so that it can be expected. */
function request(name: string, refusal: RegExp, ...args: readonly string[]): Attack {
  const quoted = args.map((arg) => `'${arg}'`).join(" ");
  return shell(
    name,
    refusal,
    `curl -sS --noproxy '*' --globoff --fail --max-time 2 ${quoted} || { echo exit $?; exit 1; }`,
  );
}

function python(name: string, refusal: RegExp, code: string): Attack {
  return { name, command: ["python", "-c", code], refusal };
}

function shell(name: string, refusal: RegExp, script: string): Attack {
  return { name, command: ["sh", "-c", script], refusal };
}
