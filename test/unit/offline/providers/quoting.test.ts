import fc from "fast-check";
import { escapeIdentifier, escapeLiteral } from "pg";
import { describe, expect, it } from "vitest";
import { assertPrivileges } from "../../../../offline/providers/postgresql/privileges.ts";
import { grantee, identifier, literal } from "../../../../offline/providers/postgresql/quoting.ts";

describe("quoting for PostgreSQL", () => {
  it("agrees with the driver for every name and text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(identifier(text)).toBe(escapeIdentifier(text));
        expect(literal(text)).toBe(escapeLiteral(text));
      }),
    );
  });

  it.each([
    ["public", "PUBLIC"],
    ["PUBLIC", "PUBLIC"],
    ["Public role", '"Public role"'],
  ])("writes the grantee %s as %s", (role, text) => {
    expect(grantee(role)).toBe(text);
  });

  it("lets only known privileges into a statement", () => {
    expect(() => assertPrivileges("database", ["CONNECT"])).not.toThrow();
    expect(() => assertPrivileges("database", ["CONNECT; DROP ROLE x"])).toThrow(
      "CONNECT; DROP ROLE x is not an allowed privilege for object type database",
    );
    expect(() => assertPrivileges("tablespace", [])).toThrow('object type "tablespace" is not known');
  });
});
