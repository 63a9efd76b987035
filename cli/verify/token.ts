import { z } from "zod";
import type { StageSummary } from "../../stacks/outputs.ts";
import { CheckFailure } from "./check.ts";
import type { VerifyContext } from "./context.ts";
import { readCredentials } from "./credentials.ts";
import { patientRequest } from "./gateway.ts";

/** Variable with a token, where the platform has no password of its own to log in with. */
export const TOKEN_VARIABLE = "STORYTELLING_TOKEN";

const login = z.object({ access_token: z.string() });

/**
 * Headers by which a request of the verification passes the route of a stage (`003-042`). Throws a CheckFailure where
 * the route asks for a token and there is none.
 */
export async function passFor(
  context: VerifyContext,
  { asksForToken }: StageSummary,
): Promise<Readonly<Record<string, string>>> {
  if (!asksForToken) return {};
  const token = process.env[TOKEN_VARIABLE] ?? (await logIn(context));
  return { Authorization: `Bearer ${token}` };
}

async function logIn({ outputs, ...context }: VerifyContext): Promise<string> {
  const url = outputs.services.find(({ service }) => service === "identity")?.url;
  const { identity } = await readCredentials(context);
  if (url === undefined || identity === undefined) {
    throw new CheckFailure(`the route asks for a token: log in and put one into ${TOKEN_VARIABLE}`);
  }
  const response = await patientRequest(`${url}/auth/login`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ email: identity.user, password: identity.password }),
  });
  const { success, data } = login.safeParse(await response.json());
  if (!success) throw new CheckFailure(`POST ${url}/auth/login answers ${response.status}`);
  return data.access_token;
}
