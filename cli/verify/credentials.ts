import { z } from "zod";
import type { VerifyContext } from "./context.ts";

const login = z.object({ user: z.string(), password: z.string() });
const credentials = z.object({ grafana: login.optional(), identity: login.optional() });

/** How to log in to the platform's own services; nothing of what is off. */
export async function readCredentials({
  readSecret,
}: Pick<VerifyContext, "readSecret">): Promise<z.infer<typeof credentials>> {
  return credentials.parse(JSON.parse(await readSecret("credentials")));
}
