import { describe, expect, test } from "vitest";
import type { StageDefinition, StageService } from "../../../../components/stage/definition.ts";
import { identityProblems } from "../../../../stacks/checks/identity-problems.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";

const ON = { identity: { enabled: true } };
const FOREIGN = { identity: { enabled: true, address: "http://auth:8000" } };

function stage(changes: Partial<StageDefinition> = {}, service: Partial<StageService> = {}): StageDefinition {
  return {
    number: 2,
    name: "nlp",
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator", ...service } },
    ...changes,
  };
}

function problems(config: Readonly<Record<string, unknown>>, ...stages: StageDefinition[]): string[] {
  return identityProblems({ config: parseConfig(config), stages }).map(
    ({ key, reason }) => `${key}: ${reason}`,
  );
}

describe("identityProblems", () => {
  test("finds none with everything on, and none with everything off", () => {
    const asking = stage({ route: { authentication: "identity" } }, { identity: true, jwt: true });

    expect(problems(ON, asking)).toEqual([]);
    expect(problems({}, stage())).toEqual([]);
  });

  test("refuses a route that asks, where nobody can tell", () => {
    const further = stage({ routes: { ingest: { authentication: "identity" } } });

    expect(problems({}, further)).toEqual([
      'stages.nlp.routes.ingest.authentication: got "identity", this deployment has no identity service; set identity.enabled to true, or write { basic: "…" } with a list of gateway.users, or "none"',
    ]);
  });

  test.each([
    ["identity", { identity: true }],
    ["jwt", { jwt: true }],
  ] as const)("refuses a service that wants %s, where there is none", (field, service) => {
    expect(problems({}, stage({}, service))).toEqual([
      `stages.nlp.services.orchestrator.${field}: got a wish for the identity service, this deployment has none; set identity.enabled to true, or remove it`,
    ]);
  });

  test("refuses a stage that stands alone with identity, and a service of it that asks", () => {
    expect(problems({ ...ON, mode: "standalone" }, stage({}, { jwt: true }))).toEqual([
      'identity.enabled: got true, in the mode "standalone" there is no gateway that could ask; set it to false',
      "stages.nlp.services.orchestrator.jwt: got a wish for the identity service, this deployment has none; set identity.enabled to true, or remove it",
    ]);
  });

  test("refuses two keys of one id", () => {
    expect(problems({ identity: { enabled: true, keys: ["a", "b", "a"] } })).toEqual([
      'identity.keys: got "a" twice; give each key an id of its own',
    ]);
  });

  test.each(["/api/v1/identity", "/api/v1/identity/users", "/api/v1/ident", "/api/v1"])(
    "refuses the route %s, where people log in",
    (prefix) => {
      expect(problems(ON, stage({ route: { prefix } }))).toEqual([
        `stages.nlp.route.prefix: got "${prefix}", people log in below "/api/v1/identity"; choose another prefix`,
      ]);
    },
  );

  test("refuses a stage that takes the name of the platform's identity service, and no other's", () => {
    const named = stage({}, { aliases: ["identity-service"] });

    expect(problems(ON, named)).toEqual([
      'stages.nlp: got the container name or alias "identity-service", which the platform\'s identity service has; choose another, or give identity.address',
    ]);
    expect(problems(FOREIGN, named)).toEqual([]);
  });

  test("leaves that prefix to a stage where the identity service is another's, and `/` to pages", () => {
    expect(problems(FOREIGN, stage({ route: { prefix: "/api/v1/identity" } }))).toEqual([]);
    expect(problems(ON, stage({ route: { prefix: "/" } }))).toEqual([]);
  });

  test("refuses what another's identity service would not know", () => {
    const access = [{ path: "/api/v1/nlp", roles: ["owner"] }];
    const identity = { ...FOREIGN.identity, access, image: "company/identity:1.0" };

    expect(problems({ identity })).toEqual([
      'identity.access: got 1 rules, which the identity service at "http://auth:8000" does not know; remove them, and keep such rules there',
      'identity.image: got "company/identity:1.0" beside an address; remove one of the two',
    ]);
  });

  test("refuses an address that is the gateway itself", () => {
    expect(problems({ identity: { enabled: true, address: "http://localhost:8000" } })).toEqual([
      'identity.address: got "http://localhost:8000", in the gateway\'s container localhost is the gateway itself; use the name of the service',
    ]);
  });

  test("asks for the keys of another's identity service, for services that check tokens", () => {
    const given = { secrets: { JWT_SECRET_KEY_1: "k".repeat(32) } };

    expect(problems(FOREIGN, stage({}, { jwt: true }))).toEqual([
      'stages.nlp.services.orchestrator.jwt: got a wish for the keys of tokens, and "1" of the identity service at "http://auth:8000" is not known; set it with `npm run secret -- JWT_SECRET_KEY_1` (docs/secrets.md)',
    ]);
    expect(problems({ ...FOREIGN, ...given }, stage({}, { jwt: true }))).toEqual([]);
  });
});

describe("the secrets of the identity service", () => {
  const user = { user_id: "u-1", email: "ada@example.org", password_hash: "$argon2id$v=19$…" };

  function secretProblems(secrets: Readonly<Record<string, string>>): string[] {
    return problems({ ...ON, secrets });
  }

  test("may be users and keys", () => {
    const users = JSON.stringify([
      user,
      { ...user, user_id: "u-2", email: "eve@example.org", roles: ["admin"] },
    ]);

    expect(secretProblems({ IDENTITY_USERS: users, JWT_SECRET_KEY_1: "k".repeat(32) })).toEqual([]);
  });

  test("have a key as long as its hash", () => {
    expect(secretProblems({ JWT_SECRET_KEY_1: "k".repeat(31) })).toEqual([
      "secrets.JWT_SECRET_KEY_1: got a secret value that is too short; a key of HS256 has at least 32 characters",
    ]);
  });

  test.each([
    [
      "no JSON",
      "ada:secret",
      "secrets.IDENTITY_USERS: got a secret value that is no JSON; it is a list of users",
    ],
    ["no user", "[]", "secrets.IDENTITY_USERS: got a secret value that is wrong: must have a user"],
    [
      "a password and no hash",
      JSON.stringify([{ ...user, password_hash: "secret" }]),
      "secrets.IDENTITY_USERS.0.password_hash: got a secret value that is wrong: must be a hash of argon2id, as `python -m identity_service.passwords` prints it",
    ],
    [
      "a name that would end a header",
      JSON.stringify([{ ...user, roles: ["a\r\nX-User-Id: admin"] }]),
      "secrets.IDENTITY_USERS.0.roles.0: got a secret value that is wrong: may have letters, digits and . _ : * @ -, at most 64",
    ],
    [
      "two users of one e-mail",
      JSON.stringify([user, { ...user, user_id: "u-2", email: "ADA@example.org" }]),
      "secrets.IDENTITY_USERS: got two users with one email; each needs its own",
    ],
  ])("are refused with %s, and no value is told", (_what, users, problem) => {
    const found = secretProblems({ IDENTITY_USERS: users });

    expect(found).toEqual([problem]);
    expect(found.join("")).not.toContain("secret:");
  });
});
