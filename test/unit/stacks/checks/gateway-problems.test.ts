import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import type { StageRoute } from "../../../../components/stage/route.ts";
import { gatewayProblems } from "../../../../stacks/checks/gateway-problems.ts";
import { identityProblems } from "../../../../stacks/checks/identity-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";

const HASH = `$2y$05$${"a".repeat(53)}`;

function plan(route: StageRoute, raw: Readonly<Record<string, unknown>> = {}) {
  const stage: StageDefinition = {
    number: 2,
    name: "nlp",
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator" } },
    routes: { hooks: route },
  };
  return { stages: [stage], config: parseConfig(raw) };
}

describe("gatewayProblems", () => {
  test.each<[string, StageRoute, Readonly<Record<string, unknown>>]>([
    ["a limit of the sources", { rateLimit: "rate-limit-public" }, {}],
    [
      "a limit of the deployment",
      { rateLimit: "rate-limit-ingest" },
      { gateway: { rateLimits: { "rate-limit-ingest": { average: 600, period: "1m", burst: 200 } } } },
    ],
    ["a limit of the route's own", { rateLimit: { average: 1, period: "1s", burst: 1 } }, {}],
    ["a timeout in another spelling", { timeout: "120s" }, {}],
    ["a timeout of the deployment", { timeout: "1h" }, { gateway: { timeouts: ["1h"] } }],
    [
      "a list of users",
      { authentication: { basic: "operators" } },
      {
        gateway: { users: { operators: "OPERATORS" } },
        secrets: { OPERATORS: `alice:${HASH}\n\nbob:${HASH}\n\n` },
      },
    ],
  ])("takes %s", (_, route, raw) => {
    expect(gatewayProblems(plan(route, raw))).toEqual([]);
  });

  test.each<[string, StageRoute, string, string]>([
    [
      "a limit that nobody defined",
      { rateLimit: "rate-limit-ingest" },
      "stages.nlp.routes.hooks.rateLimit",
      'got "rate-limit-ingest", this deployment has rate-limit, rate-limit-public; take one of these, or add it to gateway.rateLimits of the configuration',
    ],
    [
      "a timeout that is not offered",
      { timeout: "3m" },
      "stages.nlp.routes.hooks.timeout",
      'got "3m", this deployment has 10s, 30s, 2m, 5m, 10m; take one of these, or add it to gateway.timeouts of the configuration',
    ],
    [
      "users of whom there is no list",
      { authentication: { basic: "operators" } },
      "stages.nlp.routes.hooks.authentication.basic",
      'got "operators", this deployment has none; add it to gateway.users of the configuration',
    ],
  ])("refuses %s", (_, route, key, reason) => {
    expect(gatewayProblems(plan(route))).toEqual([{ key, reason }]);
    expect(gatewayProblems(plan(route, { mode: "standalone" }))).toEqual([]);
  });

  test("refuses a list of users without a secret", () => {
    expect(gatewayProblems(plan({}, { gateway: { users: { operators: "OPERATORS" } } }))).toEqual([
      {
        key: "gateway.users.operators",
        reason:
          'got "OPERATORS", which has no value; set it with `npm run secret -- OPERATORS` (docs/secrets.md)',
      },
    ]);
  });

  test.each([
    ["a password in the clear", "alice:open-sesame"],
    ["a weak hash", "alice:{SHA}C5wmJdwh7wX2rU3fR8XyA4N6oyw="],
    ["nothing but a hash", HASH],
  ])("refuses %s in a list of users, and does not show it", (_, line) => {
    const raw = {
      gateway: { users: { operators: "OPERATORS" } },
      secrets: { OPERATORS: `bob:${HASH}\n${line}` },
    };

    expect(gatewayProblems(plan({}, raw))).toEqual([
      {
        key: "gateway.users.operators",
        reason:
          "got a secret value whose line 2 is no user, each is a line `name:hash` with a bcrypt hash; make it with `htpasswd -nB NAME`",
      },
    ]);
  });
});

test("a list of users with nobody in it is refused, for the gateway would not start its route", () => {
  const raw = { gateway: { users: { operators: "OPERATORS" } }, secrets: { OPERATORS: " \n" } };

  expect(gatewayProblems(plan({}, raw))[0]?.reason).toContain("got a secret value without a user");
});

describe("identityProblems", () => {
  test("refuses a route that asks for identity, where there is a gateway and no identity service", () => {
    const route = { authentication: "identity" } as const;

    expect(identityProblems(plan(route)).map(({ key }) => key)).toEqual([
      "stages.nlp.routes.hooks.authentication",
    ]);
    expect(identityProblems(plan(route, { mode: "standalone" }))).toEqual([]);
    expect(identityProblems(plan({ authentication: "none" }))).toEqual([]);
  });
});
