import { basicAuthName } from "./basic-auth.ts";

/** Prefix of everything for administrators (`001-081`). No stage may have it. */
export const ADMIN_PREFIX = "/infrastructure";

/** Above every route of a stage. */
const PRIORITY = 2000;

/** A server that administrators reach as `/infrastructure/<name>/`. */
export interface AdminPage {
  readonly name: string;
  /** `http://<host>:<port>` */
  readonly url: string;
  /** Whether the server itself answers below the prefix. It is taken away unless it does. */
  readonly keepsPrefix: boolean;
}

/** What administrators reach below `/infrastructure/`, beside Traefik's own API. */
export interface AdminAccess {
  /** Name of the list of users that are administrators. */
  readonly users: string;
  readonly pages: readonly AdminPage[];
}

interface HttpConfig {
  readonly routers: Readonly<Record<string, object>>;
  readonly services: Readonly<Record<string, object>>;
  readonly middlewares: Readonly<Record<string, object>>;
}

/**
 * Everything below `/infrastructure`: nothing, which is 404, or the given pages and Traefik's own API for those who know
 * the password of an administrator. `nothing` are the middlewares of a router that answers 404.
 */
export function renderAdminPages(
  access: AdminAccess | undefined,
  nothing: { readonly middleware: string; readonly service: string },
): HttpConfig {
  // The page never gets the password: Grafana would take it for one of its own.
  const guard = access === undefined ? [] : ["rate-limit", basicAuthName(access.users)];
  const reserved = {
    rule: belowPrefix(ADMIN_PREFIX),
    priority: PRIORITY,
    middlewares: [...guard, nothing.middleware],
    service: nothing.service,
  };
  if (access === undefined) return { routers: { infrastructure: reserved }, services: {}, middlewares: {} };
  const { pages } = access;
  const api = { ...pageRouter("traefik", guard), service: "api@internal" };
  const stripped = pages.filter(({ keepsPrefix }) => !keepsPrefix);
  return {
    routers: {
      infrastructure: reserved,
      "infrastructure-traefik": api,
      ...Object.fromEntries(pages.map((page) => [routerName(page.name), routerOf(page, guard)])),
    },
    services: Object.fromEntries(
      pages.map(({ name, url }) => [routerName(name), { loadBalancer: { servers: [{ url }] } }]),
    ),
    middlewares: Object.fromEntries(
      stripped.map(({ name }) => [
        stripName(name),
        { stripPrefix: { prefixes: [`${ADMIN_PREFIX}/${name}`] } },
      ]),
    ),
  };
}

function routerOf({ name, keepsPrefix }: AdminPage, guard: readonly string[]): object {
  const middlewares = keepsPrefix ? guard : [...guard, stripName(name)];
  return { ...pageRouter(name, middlewares), service: routerName(name) };
}

function pageRouter(name: string, middlewares: readonly string[]) {
  return { rule: belowPrefix(`${ADMIN_PREFIX}/${name}`), priority: PRIORITY + 100, middlewares };
}

/** The path itself and what is below it, and not one that only begins alike. */
function belowPrefix(path: string): string {
  return `PathRegexp(\`^${path}(/|$)\`)`;
}

function routerName(page: string): string {
  return `infrastructure-${page}`;
}

function stripName(page: string): string {
  return `strip-infrastructure-${page}`;
}
