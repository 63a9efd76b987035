import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { Readable } from "node:stream";

/**
 * `fetch` that takes whatever certificate it is shown. The gateway is asked at the host's own address, and its certificate
 * is for a domain that need not lead here yet.
 */
export async function fetchAnyCertificate(url: string, init: RequestInit): Promise<Response> {
  const asked = request(url, {
    method: init.method ?? "GET",
    headers: Object.fromEntries(new Headers(init.headers)),
    rejectUnauthorized: false,
    ...(init.signal ? { signal: init.signal } : {}),
  });
  asked.end(init.body);
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  const headers = new Headers();
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Response(Readable.toWeb(answer), { status: answer.statusCode ?? 0, headers });
}
