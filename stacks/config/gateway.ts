import { z } from "zod";
import { DEFAULT_REQUEST_RATES } from "../../components/traefik/request-rates.ts";
import { duration, wholeNumber } from "./fields.ts";
import { gatewayTls } from "./gateway-tls.ts";

const rateLimit = z.strictObject({
  average: wholeNumber(1, 1_000_000).describe("Requests in each period."),
  period: duration.describe("Length of a period."),
  burst: wholeNumber(1, 1_000_000).describe("Requests at once, before the average counts."),
});

/** The gateway's entrance, and what routes may ask of it by name. */
export const gateway = z
  .strictObject({
    rateLimits: z
      .record(
        z.string().regex(/^rate-limit(-[a-z0-9]+)*$/, {
          error: 'must be "rate-limit", "rate-limit-public" or another name that begins with "rate-limit-"',
        }),
        rateLimit,
      )
      .transform((own) => ({ ...DEFAULT_REQUEST_RATES, ...own }))
      .prefault({})
      .describe(
        "Limits for each client by name, for routes that ask for them (`001-046`). `rate-limit` is 100 per 1m with a burst of 100 and `rate-limit-public`, which has to be stricter, 30 per 1m with a burst of 30, unless given (C-22).",
      ),
    timeouts: z
      .array(duration)
      .prefault(["10s", "30s", "2m", "5m", "10m"])
      .describe(
        "Times that a route may give its service to begin an answer (`004-079`). A route that asks for none gives 60s (`004-041`).",
      ),
    users: z
      .record(
        z.string().regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: "must be a lower-case word" }),
        z.string().regex(/^[A-Z][A-Z0-9_]*$/, { error: "must be the name of a secret, in capitals" }),
      )
      .default({})
      .describe(
        "Lists of users by name, for routes that ask for a password. The value is the name of a secret that holds a line `name:hash` for each user, with a bcrypt hash as `htpasswd -nB NAME` prints it.",
      ),
    admin: z
      .string()
      .regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, { error: "must be the name of a list of `users`" })
      .optional()
      .describe(
        "List of `users` whose members may open Traefik's API, Prometheus and Grafana below `/infrastructure/` (`001-081`). Nothing is there unless given.",
      ),
    tls: gatewayTls,
    trustedProxies: z
      .array(
        z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()], {
          error: 'must be an address or a network such as "10.0.0.0/8"',
        }),
      )
      .default([])
      .describe(
        "Addresses of proxies in front of the gateway. Their `X-Forwarded-*` headers are believed, those of everybody else are replaced (`004-040`).",
      ),
  })
  .prefault({})
  .describe(
    "The gateway: its entrance, and what routes may ask of it by name. A change restarts it, and no stage.",
  );
