/**
 * A service that does what it is asked, for HAProxy: `?status=500&sleep=1500&bytes=5000&type=text/html`. It answers with
 * what reached it and with the host name of the replica.
 */
const SERVICE = `
local served = 0

core.register_service("upstream", "http", function(applet)
  local function asked(name) return applet.qs:match(name .. "=([^&]+)") end
  local function header(name) return (applet.headers[name] or {})[0] or "" end
  local received = #applet:receive()
  served = served + 1
  core.msleep(tonumber(asked("sleep") or 0))
  local answer = string.format(
    '{"path":"%s","received":%d,"replica":"%s","authorization":"%s","prefix":"%s","served":%d,"padding":"%s"}',
    applet.path, received, os.getenv("REPLICA"), header("authorization"), header("x-forwarded-prefix"), served,
    string.rep("x", tonumber(asked("bytes") or 0)))
  applet:set_status(tonumber(asked("status") or 200))
  applet:add_header("content-type", asked("type") or "application/json")
  applet:add_header("content-length", #answer)
  applet:add_header("server", "upstream/1.0")
  applet:start_response()
  applet:send(answer)
end)
`;

const FOLDER = "/usr/local/etc/haproxy";

/** What such a service is made of, listening on a port. */
export function upstreamFiles(port: number): { readonly path: string; readonly content: string }[] {
  return [
    { path: `${FOLDER}/upstream.lua`, content: SERVICE },
    {
      path: `${FOLDER}/haproxy.cfg`,
      content: `
global
  hard-stop-after 100ms
  lua-load ${FOLDER}/upstream.lua
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend upstream
  bind :${port}
  http-request use-service lua.upstream
`,
    },
  ];
}

/** What the service says of a request. */
export interface Echo {
  readonly path: string;
  readonly received: number;
  readonly replica: string;
  readonly authorization: string;
  readonly prefix: string;
  /** Requests that this replica has had so far. */
  readonly served: number;
}
