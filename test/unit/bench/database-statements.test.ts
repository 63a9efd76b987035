import { beforeAll, describe, expect, it } from "vitest";
import { databaseStatements, dropStatements } from "../../bench/compose/database-statements.ts";
import { recordDeployment } from "../../bench/recorded-deployment.ts";
import type { RegisteredResource } from "../../support/mocks.ts";

let resources: readonly RegisteredResource[];

beforeAll(async () => {
  resources = await recordDeployment({ stages: { cleaning: {} } });
}, 30_000);

describe("the databases of the program as SQL", () => {
  it("are made owner first and closed to everybody else", () => {
    const statements = databaseStatements(resources);
    expect(statements).toEqual([
      expect.stringMatching(/^CREATE ROLE "stage1_user" LOGIN PASSWORD '\w{32}' CONNECTION LIMIT 40;$/),
      'CREATE DATABASE "stage1_cleaning" OWNER "stage1_user";',
      'REVOKE ALL ON DATABASE "stage1_cleaning" FROM PUBLIC;',
    ]);
  });

  it("go away before their owner does", () => {
    expect(dropStatements(resources)).toEqual([
      'DROP DATABASE IF EXISTS "stage1_cleaning" WITH (FORCE);',
      'DROP ROLE IF EXISTS "stage1_user";',
    ]);
  });
});
