import fc from "fast-check";

/** What is written to a connection, byte by byte: no client library would send most of it. */
export interface HostileRequest {
  readonly target: string;
  readonly bytes: Buffer;
}

const SEGMENTS = [
  "api",
  "v1",
  "nlp",
  "nlp2",
  "guarded",
  "webhooks",
  "documents",
  "health",
  "infrastructure",
  "dashboard",
  "ping",
  "metrics",
  "",
  ".",
  "..",
  "%2e%2e",
  "%2E.",
  "..;",
  "..%2f",
  "%2f",
  "%5c",
  "..%5c",
  "\\",
  "%00",
  "%",
  "%zz",
  "%252e%252e",
  "%c0%ae%c0%ae",
  "é",
  "~",
  "*",
  "@",
  "a;b=c",
  "#",
  "x".repeat(4000),
] as const;

const segments = fc.array(fc.constantFrom(...SEGMENTS), { minLength: 0, maxLength: 6 });

const paths = fc
  .tuple(
    fc.constantFrom(
      "",
      "/api/v1",
      "/api/v1/nlp",
      "/api/v1/guarded",
      "/api/v1/guarded/webhooks",
      "/API/v1/nlp",
    ),
    segments,
  )
  .map(([start, rest]) => `${start}/${rest.join("/")}`);

const queries = fc.constantFrom("", "", "?", "?a=b", "?a=%00", "?../..", `?${"q".repeat(3000)}`);

const targets = fc.oneof(
  { weight: 20, arbitrary: fc.tuple(paths, queries).map(([path, query]) => path + query) },
  { weight: 2, arbitrary: paths.map((path) => `http://elsewhere.test${path}`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom("*", "elsewhere.test:443", "//elsewhere.test/", "?", "api/v1/nlp"),
  },
);

const methods = fc.oneof(
  { weight: 10, arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS") },
  {
    weight: 2,
    arbitrary: fc.constantFrom("TRACE", "CONNECT", "PROPFIND", "get", "G\0T", "M".repeat(300), ""),
  },
);

const hosts = fc.constantFrom(
  "localhost",
  "",
  "elsewhere.test",
  "localhost:80:80",
  "[::1]",
  "a b",
  "\0",
  "traefik:8082",
);

const headers = fc.constantFrom(
  "X-Forwarded-For: 127.0.0.1",
  "X-Forwarded-Host: guarded",
  "X-Forwarded-Prefix: /api/v1/nlp",
  "X-Forwarded-Uri: /api/v1/guarded/webhooks",
  "X-Original-URL: /api/v1/guarded/webhooks",
  "X-Rewrite-URL: /api/v1/guarded/webhooks",
  "X-HTTP-Method-Override: DELETE",
  "X-Request-Id: \x7f\x01;drop",
  `X-Request-Id: ${"i".repeat(500)}`,
  "Authorization: Basic !!!",
  "Authorization: Bearer",
  "Connection: X-Request-Id, Authorization",
  "Connection: Upgrade",
  "Upgrade: h2c",
  "Expect: 100-continue",
  "Range: bytes=0-0,-1",
  "Cookie: a=b; a=c; =",
  "Accept-Encoding: gzip;q=x",
  "Content-Length: 5",
  "Content-Length: -1",
  "Content-Length: 99999999999999999999",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: gzip, chunked",
  "Transfer-Encoding : chunked",
  " folded: header",
  "No colon at all",
  "Bad\0Name: x",
  ": empty",
  `Large: ${"l".repeat(20_000)}`,
);

const bodies = fc.oneof(
  { weight: 6, arbitrary: fc.constant("") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "hello",
      "5\r\nhello\r\n0\r\n\r\n",
      "zz\r\nhello\r\n",
      "0\r\n\r\nGET /api/v1/guarded/documents HTTP/1.1\r\nHost: localhost\r\n\r\n",
      "b".repeat(100_000),
    ),
  },
);

const versions = fc.oneof(
  { weight: 12, arbitrary: fc.constant("HTTP/1.1") },
  { weight: 1, arbitrary: fc.constantFrom("HTTP/1.0", "HTTP/2.0", "HTTP/9.9", "http/1.1", "") },
);

/** Requests as attackers and broken clients write them: paths, encodings, methods, headers, sizes, and how they end. */
export const hostileRequests: fc.Arbitrary<HostileRequest> = fc
  .record({ method: methods, target: targets, version: versions, host: hosts, body: bodies })
  .chain((parts) =>
    fc
      .tuple(fc.array(headers, { maxLength: 4 }), fc.constantFrom("\r\n", "\r\n", "\r\n", "\n"))
      .map(([added, end]) => {
        const lines = [`${parts.method} ${parts.target} ${parts.version}`, `Host: ${parts.host}`, ...added];
        const head = [...lines, "Connection: close", "", ""].join(end);
        return { target: parts.target, bytes: Buffer.from(head + parts.body, "utf8") };
      }),
  );
