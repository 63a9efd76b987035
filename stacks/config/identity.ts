import { z } from "zod";
import { imageReference, wholeNumber } from "./fields.ts";

const ADDRESS = 'must be an address on the platform\'s network, for example "http://auth-orchestrator:8000"';
const HEADER = /^[A-Za-z][A-Za-z0-9-]*$/;

/** Headers that mean something to the gateway or to HTTP; no identity service may change them. */
const RESERVED_HEADER =
  /^(authorization|connection|content-.*|cookie|host|te|trailer|traceparent|tracestate|transfer-encoding|upgrade|x-forwarded-.*|x-request-id)$/i;

const header = z.string().regex(HEADER, { error: 'must be the name of a header, for example "X-User-Id"' });
const role = z.string().regex(/^[A-Za-z0-9._:*@-]{1,64}$/, {
  error: "must be letters, digits and the characters . _ : * @ -, at most 64",
});

const keyId = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, {
  error: 'must be lower-case letters, digits and hyphens, for example "2026-11"',
});

const accessRule = z.strictObject({
  path: z
    .string()
    .regex(/^(\/[A-Za-z0-9._-]+)+$/, {
      error: 'must be a path without a slash at its end, for example "/api/v1/graph"',
    })
    .describe("Path at the gateway; the rule is for everything below it, too."),
  methods: z
    .array(z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]))
    .min(1, { error: "must name a method" })
    .optional()
    .describe("Methods that the rule is for. All of them unless given."),
  roles: z.array(role).min(1, { error: "must name a role" }).describe("Roles of which a user needs one."),
});

/** Whom the gateway asks who a client is (`docs/identity.md`). */
export const identity = z
  .strictObject({
    enabled: z
      .boolean()
      .default(false)
      .describe(
        "Whether the gateway asks who a client is before a request reaches a stage (`003-001`). Every route then asks for a token unless its definition says otherwise.",
      ),
    address: z
      .url({ protocol: /^https?$/, hostname: /^[A-Za-z0-9.-]+$/, error: ADDRESS })
      .regex(/^https?:\/\/[^/?#@]+$/, { error: ADDRESS })
      .optional()
      .describe(
        "An identity service of your own, `http://<host>:<port>`. The platform runs `storytelling-identity` unless given.",
      ),
    path: z
      .string()
      .regex(/^\/[\w./?=&%-]*$/, { error: 'must be a path that begins with "/"' })
      .default("/auth/validate")
      .describe("Path of the question (`003-004`)."),
    method: z
      .enum(["GET", "client"], { error: 'must be "GET" or "client"' })
      .default("GET")
      .describe("Method of the question: GET, or the one of the client's request (C-15)."),
    requestHeaders: z
      .array(header)
      .min(1, { error: "must name a header" })
      .default(["Authorization"])
      .describe("Headers of the client that the identity service needs; `X-Request-Id` goes along."),
    responseHeaders: z
      .array(
        header.refine((name) => !RESERVED_HEADER.test(name), {
          error: "is not for an identity service to set",
        }),
      )
      .default(["X-User-Id", "X-User-Email", "X-User-Roles", "X-User-Permissions"])
      .describe(
        "Headers of its answer that the stage gets (`003-007`). These and every other `X-User-*` are taken from clients, on every route.",
      ),
    trustForwardHeader: z
      .boolean()
      .default(false)
      .describe(
        "Whether `X-Forwarded-*` of a proxy in front of the gateway is handed to the identity service.",
      ),
    image: imageReference
      .optional()
      .describe(
        "Image of `storytelling-identity`, made like `examples/identity`. That one is built unless given.",
      ),
    keys: z
      .array(keyId)
      .min(1, { error: "must name at least one key" })
      .default(["1"])
      .describe(
        "Ids of the keys of tokens (`003-008`). The first one signs, the others are good for the tokens that they signed: put a new id in front to rotate. Each key is generated unless `secrets.JWT_SECRET_KEY_<ID>` gives it.",
      ),
    tokenLifetimeSeconds: wholeNumber(60, 86_400)
      .default(3600)
      .describe("How long a token is good, in seconds."),
    access: z
      .array(accessRule)
      .default([])
      .describe(
        "Who may go where: a user has to meet every rule that matches a request, else it is 403. Any user may go everywhere unless given.",
      ),
  })
  .prefault({})
  .describe("Identity. The users are the secret `IDENTITY_USERS`.");
