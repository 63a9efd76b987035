import { describe, expect, test } from "vitest";
import type { StateResource } from "../../../../cli/pulumi/state.ts";
import { belongsTo, opens, planRotation } from "../../../../cli/rotate/rotation.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";
import { stateOf } from "../heal/fixtures.ts";

const STAGE = "storytelling:stage:Stage$";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const ROLE = "postgresql:index/role:Role";

function resource(
  parents: string,
  type: string,
  name: string,
  rest: Partial<StateResource> = {},
): StateResource {
  return { urn: `urn:pulumi:dev::storytelling::${parents}${type}::${name}`, type, custom: true, ...rest };
}

const owner = resource(`${STAGE}storytelling:postgres:StageDatabase$`, ROLE, "stage2-nlp-database-owner", {
  outputs: { name: "stage2_user" },
});
const reader = resource(
  `${STAGE}storytelling:postgres:DatabaseReader$`,
  ROLE,
  "stage2-nlp-reads-stage1-role",
  {
    outputs: { name: "stage2_reads_stage1" },
  },
);
const redis = resource(STAGE, PASSWORD, "stage2-nlp-redis-password");
const database = resource(
  `${STAGE}storytelling:postgres:StageDatabase$`,
  PASSWORD,
  "stage2-nlp-database-password",
);
const reading = resource(
  `${STAGE}storytelling:postgres:DatabaseReader$`,
  PASSWORD,
  "stage2-nlp-reads-stage1-password",
);
const others = [
  resource("storytelling:redis:Redis$", PASSWORD, "redis-broker-admin-password"),
  resource(`${STAGE}storytelling:postgres:StageDatabase$`, PASSWORD, "stage1-cleaning-database-password"),
];

const config = parseConfig({ stages: { cleaning: {}, nlp: {} } });
const given = parseConfig({ stages: { nlp: {} }, secrets: { STAGE2_POSTGRES_PASSWORD: "twelve-letters" } });

describe("a rotation", () => {
  test("is of every generated password that the stage's containers hold, and of no other", () => {
    const state = stateOf([redis, ...others, reading, database, owner, reader]);
    const { passwords, roles, stage } = planRotation("nlp", config, state);

    expect(passwords.map((password) => opens(password, stage))).toEqual([
      "database",
      "reads-stage1",
      "redis",
    ]);
    expect(roles).toEqual(["stage2_user", "stage2_reads_stage1"]);
  });

  test("touches nothing of another stage and nothing shared", () => {
    const { stage } = planRotation("nlp", config, stateOf([database]));

    expect([database, redis, owner].every(({ urn }) => belongsTo(urn, stage))).toBe(true);
    expect(others.some(({ urn }) => belongsTo(urn, stage))).toBe(false);
  });

  test("names the key that gives the database's password, and renews the rest", () => {
    expect(planRotation("nlp", given, stateOf([redis]))).toMatchObject({
      passwords: [redis],
      given: "storytelling:secrets.STAGE2_POSTGRES_PASSWORD",
    });
  });
});

describe("a rotation is refused", () => {
  test("for a stage that is not attached, with those that are", () => {
    expect(() => planRotation("graph", config, stateOf([]))).toThrow(
      '<stage>: got "graph", which is not attached; attached are: cleaning, nlp',
    );
  });

  test("where the configuration gives the only password, with what to do", () => {
    expect(() => planRotation("nlp", given, stateOf(others))).toThrow(
      /its database password is given by storytelling:secrets\.STAGE2_POSTGRES_PASSWORD; set another value there/,
    );
  });

  test("before the first `up`", () => {
    expect(() => planRotation("nlp", config, stateOf([]))).toThrow("has no generated password in this stack");
  });

  test("of a password that an earlier version has protected", () => {
    expect(() => planRotation("nlp", config, stateOf([{ ...database, protect: true }]))).toThrow(
      "still protected, as an earlier version made them; run `npm run up` once",
    );
  });
});
