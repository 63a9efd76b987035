import { z } from "zod";
import type { Duration } from "../../components/core/units.ts";

/** A TCP port of the host. */
export const hostPort = z
  .int({ error: "must be a whole number from 1 to 65535" })
  .min(1, { error: "must be a whole number from 1 to 65535" })
  .max(65_535, { error: "must be a whole number from 1 to 65535" });

/** An IPv4 address of the host to listen on. */
export const bindAddress = z.ipv4({
  error: 'must be an IPv4 address: "127.0.0.1" for this machine only, "0.0.0.0" for every network',
});

export const logLevel = z.enum(["DEBUG", "INFO", "WARNING", "ERROR"], {
  error: "must be one of DEBUG, INFO, WARNING, ERROR",
});

/** A length of time above 0. */
export const duration = z
  .string()
  .regex(/^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h)$/, {
    error: 'must be a number above 0 with ms, s, m or h, for example "10s"',
  })
  .transform((value) => value as Duration);

export function wholeNumber(smallest: number, largest: number) {
  const error = `must be a whole number from ${smallest} to ${largest}`;
  return z.int({ error }).min(smallest, { error }).max(largest, { error });
}

/** An image with an explicit tag or digest; a moving tag would change what runs without a diff. */
export const imageReference = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9./_-]*(:\d+\/[a-z0-9./_-]+)?(:[A-Za-z0-9_][A-Za-z0-9_.-]*(@sha256:[0-9a-f]{64})?|@sha256:[0-9a-f]{64})$/,
    {
      error: 'must be an image with a tag or digest, for example "redis:8.0.2"',
    },
  )
  .refine((reference) => !reference.endsWith(":latest"), {
    error: 'must not be ":latest", which changes without a diff; pin a version',
  });

export const SECRET_NAME_MESSAGE =
  "must be the name of an entry of `secrets` in capitals, and never the secret itself";

/** The name of an entry of `secrets`. What stands there by mistake may be the secret, so it is not shown. */
export const secretName = z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: SECRET_NAME_MESSAGE });
