import { describe, expect, test } from "vitest";
import { renderEntryPoints } from "../../../../components/traefik/entry-points.config.ts";

const PLAIN = { requestTimeout: "60s", trustedProxies: [], identity: false } as const;
const SECURE = { ...PLAIN, tls: { source: { kind: "file" }, publicPort: 8443 } } as const;

describe("the entry points", () => {
  test("number a request before any middleware may answer it", () => {
    expect(renderEntryPoints(PLAIN)).toHaveProperty("web.http.middlewares.0", "request-id@file");
    expect(renderEntryPoints(SECURE)).toHaveProperty("websecure.http.middlewares.0", "request-id@file");
  });

  test("without TLS are the one of clients, which every route belongs to, and the platform's own", () => {
    const entryPoints = renderEntryPoints(PLAIN);

    expect(Object.keys(entryPoints)).toEqual(["web", "internal"]);
    expect(entryPoints).toHaveProperty("web.asDefault", true);
  });

  test("with TLS give every route to the one with TLS, and send clients of the other there for good", () => {
    const entryPoints = renderEntryPoints(SECURE);

    expect(entryPoints).toMatchObject({
      web: { http: { redirections: { entryPoint: { to: ":8443", scheme: "https", permanent: true } } } },
      websecure: { address: ":443", asDefault: true, http: { tls: {} } },
    });
    expect(entryPoints).not.toHaveProperty("web.asDefault");
    expect(entryPoints).toHaveProperty("websecure.http.middlewares.3", "strict-transport@file");
  });

  test("limit the time and the size of a request's headers, and never the length of an answer", () => {
    expect(renderEntryPoints(PLAIN)).toMatchObject({
      web: {
        http: { maxHeaderBytes: 65_536 },
        transport: { respondingTimeouts: { readTimeout: "60s", writeTimeout: "0s", idleTimeout: "90s" } },
      },
    });
  });

  test("believe nobody about a client unless proxies are named", () => {
    expect(renderEntryPoints(PLAIN)).not.toHaveProperty("web.forwardedHeaders");
    expect(renderEntryPoints({ ...SECURE, trustedProxies: ["10.0.0.0/8"] })).toMatchObject({
      web: { forwardedHeaders: { trustedIPs: ["10.0.0.0/8"] } },
      websecure: { forwardedHeaders: { trustedIPs: ["10.0.0.0/8"] } },
    });
  });
});
