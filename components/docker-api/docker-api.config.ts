/** Port that clients of the proxy use, the one that unencrypted Docker APIs have by convention. */
export const PORT = 2375;

/** Where the engine's socket is mounted in the container. */
export const SOCKET_PATH = "/var/run/docker.sock";

/** `/v1.41`, which every client puts before a path once it has asked for the version. */
const VERSION_PREFIX = "(/v1\\.[0-9]{1,2})?";

/** A name or an id as Docker makes them; neither `%` nor a leading dot, so no encoded and no relative path. */
const OBJECT = "[a-zA-Z0-9][a-zA-Z0-9_.-]*";

/** What discovery reads: the gateway, Prometheus and the collector need these and nothing else. */
const ALLOWED_PATHS: readonly string[] = [
  "_ping",
  "version",
  "info",
  "events",
  "containers/json",
  `containers/${OBJECT}/json`,
  `containers/${OBJECT}/stats`,
  "networks",
  `networks/${OBJECT}`,
];

/** The paths that are let through, as one anchored expression on the path as it was sent, before any decoding. */
export const ALLOWED_PATH_PATTERN = `^${VERSION_PREFIX}/(${ALLOWED_PATHS.join("|")})$`;

/**
 * HAProxy's configuration: reading requests on an allow-list of paths reach the engine's socket, all others get 403.
 */
export function renderDockerApiConfig(): string {
  return `${section("global", [
    "log stdout format raw daemon notice",
    "maxconn 256",
    // The stream of events never ends; a stop would wait for it.
    "hard-stop-after 1s",
  ])}
${section("defaults", [
  "mode http",
  "log global",
  "timeout connect 5s",
  "timeout http-request 5s",
  "timeout http-keep-alive 30s",
  // A client of the event stream is silent for as long as nothing happens.
  "timeout client 24h",
  "timeout server 60s",
])}
${section("frontend docker-api", [
  `bind :${PORT}`,
  "acl reading method GET HEAD",
  `acl allowed path -m reg ${ALLOWED_PATH_PATTERN}`,
  // After an upgrade the proxy would no longer see what is asked.
  "acl upgrading req.hdr(upgrade) -m found",
  "http-request deny deny_status 403 if !reading",
  "http-request deny deny_status 403 if !allowed",
  "http-request deny deny_status 403 if upgrading",
  "use_backend events if { path_end /events }",
  "default_backend engine",
])}
${section("backend engine", [`server engine unix@${SOCKET_PATH}`])}
${section("backend events", ["timeout server 24h", `server engine unix@${SOCKET_PATH}`])}`;
}

function section(name: string, lines: readonly string[]): string {
  return [name, ...lines.map((line) => `  ${line}`), ""].join("\n");
}
