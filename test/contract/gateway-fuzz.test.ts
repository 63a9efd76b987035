import { connect } from "node:net";
import { posix } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { StageDefinition } from "../../components/stage/definition.ts";
import { type HostileRequest, hostileRequests } from "./support/hostile-requests.ts";
import { RouteScene } from "./support/route-scene.ts";

const REQUESTS = 10_000;
const AT_A_TIME = 32;
const PATIENCE_MILLISECONDS = 10_000;
const COMPLETE_MILLISECONDS = 300;
/** The same requests in every run, so that a change of the result is a change of the code; `FUZZ_SEED=<number>` tries others. */
const SEED = Number(process.env["FUZZ_SEED"] ?? 1);
const UNLIMITED = { average: 1_000_000, period: "1s", burst: 1_000_000 } as const;

/** A transfer encoding or a version that nobody has: Go answers it before the gateway sees the request. */
const UNKNOWN_TO_HTTP: ReadonlySet<number> = new Set([501, 505]);
/** What the rate limit writes when a client ended its half of the connection before it was let through: nobody reads it. */
const GONE = 500;
/** Of many failures a few say it. */
const SHOWN = 10;

/** What one connection was answered with. */
interface Outcome {
  readonly request: HostileRequest;
  readonly statuses: readonly number[];
  readonly answer: string;
  /** Whether the client ended its half before an answer began. */
  readonly isGone: boolean;
  /** What services saw, by the replica that answered. */
  readonly seen: readonly { readonly replica: string; readonly path: string }[];
}

function stage(number: number, name: string, changes: Partial<StageDefinition>): StageDefinition {
  return {
    number,
    name,
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator" } },
    ...changes,
  };
}

const NLP = stage(2, "nlp", { route: { rateLimit: UNLIMITED } });
/** Nobody here knows the password, so that only its webhooks may be reached. */
const GUARDED = stage(3, "guarded", {
  route: { rateLimit: UNLIMITED, authentication: { basic: "team" } },
  routes: { webhooks: { rateLimit: UNLIMITED } },
});

describe(`${REQUESTS} hostile requests to a real gateway (seed ${SEED})`, () => {
  const scene = new RouteScene();
  let outcomes: readonly Outcome[];

  beforeAll(async () => {
    await scene.open({
      users: { team: "ada:$2b$10$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234" },
    });
    await scene.startReplica("nlp", NLP, { files: echoFiles("nlp") });
    await scene.startReplica("guarded", GUARDED, { files: echoFiles("guarded") });
    await scene.routed("/api/v1/nlp/health");
    await scene.routed("/api/v1/guarded/webhooks/health");
    outcomes = await sendAll(fc.sample(hostileRequests, { numRuns: REQUESTS, seed: SEED }));
  });
  afterAll(() => scene.close());

  async function sendAll(requests: readonly HostileRequest[]): Promise<Outcome[]> {
    const results: Outcome[] = [];
    const queue = requests.values();
    const worker = async (): Promise<void> => {
      for (const request of queue) results.push(await send(request));
    };
    await Promise.all(Array.from({ length: AT_A_TIME }, worker));
    return results;
  }

  /** Writes it and reads until the gateway closes. Where it waits for the rest of a request, there is none. */
  async function send(request: HostileRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      const socket = connect({ host: "127.0.0.1", port: scene.port, allowHalfOpen: true });
      let isGone = false;
      const noMore = setTimeout(() => {
        isGone = chunks.length === 0;
        socket.end();
      }, COMPLETE_MILLISECONDS);
      socket.setTimeout(PATIENCE_MILLISECONDS, () => socket.destroy());
      socket.on("data", (chunk) => chunks.push(chunk));
      // A connection that is refused in the middle is an answer, too.
      socket.on("error", () => undefined);
      socket.on("end", () => socket.destroy());
      socket.on("close", () => {
        clearTimeout(noMore);
        resolve({ ...readOutcome(request, Buffer.concat(chunks).toString("latin1")), isGone });
      });
      socket.write(request.bytes);
    });
  }

  test("most of them are answered", () => {
    const answered = outcomes.filter(({ statuses }) => statuses.length > 0);

    expect(outcomes).toHaveLength(REQUESTS);
    expect(answered.length).toBeGreaterThan(REQUESTS * 0.9);
  });

  test("none is answered with 5xx, but for the 503 of a stage that is not there and what HTTP itself does not know", () => {
    const failures = outcomes.filter(({ request, statuses, isGone }) =>
      statuses.some(
        (status) =>
          status >= 500 &&
          !UNKNOWN_TO_HTTP.has(status) &&
          !(status === 503 && isAbsentStage(request)) &&
          !(status === GONE && isGone),
      ),
    );

    expect(failures.slice(0, SHOWN).map(described)).toEqual([]);
  });

  test("services are reached, and never behind a wall: not one path that needs a password", () => {
    const reached = outcomes.flatMap(({ request, seen }) => seen.map((each) => ({ request, ...each })));
    const behind = reached.filter(
      ({ replica, path }) => replica === "guarded" && !isBelow(asServiceReadsIt(path), "/webhooks"),
    );

    expect(new Set(reached.map(({ replica }) => replica))).toEqual(new Set(["nlp", "guarded"]));
    expect(behind.slice(0, SHOWN).map(({ request, path }) => `${request.target} -> ${path}`)).toEqual([]);
  });

  test("every line of the gateway's log is JSON", async () => {
    const lines = (await scene.logs()).split("\n").filter((line) => line !== "");
    const broken = lines.filter((line) => !isJson(line));

    expect(lines.length).toBeGreaterThan(REQUESTS / 10);
    expect(broken.slice(0, SHOWN)).toEqual([]);
  });

  test("a good request is answered afterwards as before", async () => {
    expect((await scene.ask("/api/v1/nlp/health")).status).toBe(200);
    expect((await scene.ask("/api/v1/guarded/documents")).status).toBe(401);
  });
});

/** A service that always answers, with the path that it saw. */
function echoFiles(replica: string) {
  const answer = `{"replica":"${replica}","path":"%[path,json(utf8ps)]"}`;
  const content = `
global
  tune.bufsize 131072
defaults
  mode http
  timeout connect 5s
  timeout client 10s
  timeout server 10s
frontend echo
  bind :8000
  http-request return status 200 content-type application/json lf-string '${answer}'
`;
  return [{ path: "/usr/local/etc/haproxy/haproxy.cfg", content }];
}

function readOutcome(request: HostileRequest, answer: string): Omit<Outcome, "isGone"> {
  const statuses = [...answer.matchAll(/^HTTP\/1\.[01] (\d{3})/gm)].map(([, status]) => Number(status));
  const seen = [...answer.matchAll(/\{"replica":"(.*?)","path":"(.*?)"\}/gs)].map(
    ([, replica = "", path = ""]) => ({ replica, path: JSON.parse(`"${path}"`) as string }),
  );
  return { request, statuses, answer, seen };
}

function described({ request, answer }: Outcome): string {
  return `${shortened(answer)} for ${shortened(request.bytes.toString("latin1"))}`;
}

/** Without the long parts of which requests are full. */
function shortened(text: string): string {
  return JSON.stringify(text.replaceAll(/(.)\1{50,}/g, "$1…").slice(0, 600));
}

/** A path below `/api/v1/` that names none of the stages here, as the gateway cleans it. */
function isAbsentStage({ target }: HostileRequest): boolean {
  const path = target.replace(/^http:\/\/[^/]*/, "").replace(/[?#].*$/s, "");
  return /^\/api\/v1\/[^/]+/.test(posix.normalize(path.replaceAll(/%2e/gi, ".")));
}

/** As a service may read a path: decoded once more, backslashes as slashes, dots resolved. */
function asServiceReadsIt(path: string): string {
  return posix.normalize(decoded(path).replaceAll("\\", "/"));
}

function decoded(path: string): string {
  return path.replaceAll(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCodePoint(Number.parseInt(code, 16)),
  );
}

function isBelow(path: string, parent: string): boolean {
  return path === parent || path.startsWith(`${parent}/`);
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    return false;
  }
}
