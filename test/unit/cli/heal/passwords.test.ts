import { expect, test } from "vitest";
import type { ServerFacts } from "../../../../cli/heal/databases.ts";
import { confirmAltered, findAlteredPasswords, rolePasswords } from "../../../../cli/heal/passwords.ts";
import { createVerifier, matchesVerifier } from "../../../../cli/heal/scram.ts";
import { container } from "./fixtures.ts";

/** Made by PostgreSQL 17: `create role r password 'correct horse'`. */
const RECORDED =
  "SCRAM-SHA-256$4096:zoVLw+xhdYsIgecu5MsTng==$f5ULQ3uDQid/TA2rXx2676SKWTTaPa8jU0HRzpEiya4=:krFiQaEHUPsOZ9eEKqoB1VVRobSGtpyMJFoIDjoSdNY=";

const server = container({ name: "storytelling-postgres" });
const stage = container({ environment: ["POSTGRES_USER=stage1_user", "POSTGRES_PASSWORD=a=b"] });

function facts(passwords: ServerFacts["passwords"]): ServerFacts {
  return { databases: {}, roles: {}, passwords };
}

test("a password is recognised in what PostgreSQL keeps of it", () => {
  expect(matchesVerifier(RECORDED, "correct horse")).toBe(true);
  expect(matchesVerifier(RECORDED, "wrong horse")).toBe(false);
});

test.each([null, "", "md5a3dcb4d229de6fde0db5686dee47145d"])("no password matches %j", (verifier) => {
  expect(matchesVerifier(verifier, "correct horse")).toBe(false);
});

test("a verifier lets its own password in, does not show it, and is another one each time", () => {
  const verifier = createVerifier("correct horse");
  expect(matchesVerifier(verifier, "correct horse")).toBe(true);
  expect(verifier).not.toContain("correct horse");
  expect(createVerifier("correct horse")).not.toBe(verifier);
});

test("a role whose password is not the one of its stage is found", () => {
  const passwords = { stage1_user: createVerifier("other") };
  expect(findAlteredPasswords([stage, stage], facts(passwords), server)).toEqual([
    { kind: "password-altered", role: "stage1_user", password: "a=b", server },
  ]);
});

test("a role with the password of its stage is no drift, and neither is one that is gone", () => {
  expect(findAlteredPasswords([stage], facts({ stage1_user: createVerifier("a=b") }), server)).toEqual([]);
  expect(findAlteredPasswords([stage], facts({}), server)).toEqual([]);
});

test("a container without a stage's variables says nothing of passwords", () => {
  const exporter = container({ environment: ["POSTGRES_USER=storytelling_admin"] });
  expect(findAlteredPasswords([exporter], facts({ storytelling_admin: null }), server)).toEqual([]);
});

test("a role that reads another stage's database, or runs SQL, is known by the container that logs in with it", () => {
  const reader = container({
    environment: [
      "STAGE1_POSTGRES_USER=stage2_reads_stage1",
      "STAGE1_POSTGRES_PASSWORD=reading",
      "PGUSER=storytelling_shared_owner",
      "PGPASSWORD=owning",
      "MY_USER=nobody",
      "MY_PASSWORD=nothing",
    ],
  });
  const altered = { stage2_reads_stage1: null, storytelling_shared_owner: null, nobody: null };

  expect(findAlteredPasswords([reader], facts(altered), server)).toEqual([
    { kind: "password-altered", role: "stage2_reads_stage1", password: "reading", server },
    { kind: "password-altered", role: "storytelling_shared_owner", password: "owning", server },
  ]);
});

/** What `pulumi stack export --show-secrets` has of a role. */
function exportedRole(name: string, password: string): string {
  const inputs = { name, login: true, password: { ciphertext: "v1:x", plaintext: JSON.stringify(password) } };
  const role = { urn: "urn:x", type: "postgresql:index/role:Role", inputs };
  return JSON.stringify({ deployment: { resources: [{ urn: "urn:y", type: "other" }, role] } });
}

test("a role that a killed rotation has changed already keeps its new password, which the state has", () => {
  const server1 = facts({ stage1_user: createVerifier("new") });
  const suspicions = findAlteredPasswords([stage], server1, server);

  expect(suspicions).toHaveLength(1);
  expect(confirmAltered(suspicions, server1, rolePasswords(exportedRole("stage1_user", "new")))).toEqual([]);
});

test("a role with neither password gets the one of the state", () => {
  const altered = facts({ stage1_user: createVerifier("somebody's") });
  const suspicions = findAlteredPasswords([stage], altered, server);

  expect(confirmAltered(suspicions, altered, rolePasswords(exportedRole("stage1_user", "new")))).toEqual([
    { kind: "password-altered", role: "stage1_user", password: "new", server },
  ]);
});

test("a role that the state does not know gets the password that its container has", () => {
  const altered = facts({ stage1_user: createVerifier("somebody's") });
  const suspicions = findAlteredPasswords([stage], altered, server);

  expect(confirmAltered(suspicions, altered, rolePasswords('{"deployment":{}}'))).toEqual(suspicions);
});
