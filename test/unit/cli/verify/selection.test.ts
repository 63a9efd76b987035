import { expect, test } from "vitest";
import type { VerifyContext } from "../../../../cli/verify/context.ts";
import { selectChecks } from "../../../../cli/verify/verify.ts";

function contextWith(stage: object, urls: object = {}): VerifyContext {
  return {
    outputs: {
      urls: { gateway: "http://localhost", prometheus: "http://localhost:9090", ...urls },
      services: [{ service: "traefik", container: "storytelling-traefik" }],
      hostPorts: { gateway: 80, gatewayTls: 443, grafana: 3000, prometheus: 9090, postgres: 5432 },
      stages: [
        {
          name: "cleaning",
          number: 1,
          containers: [],
          internalServices: [],
          processesDocuments: true,
          asksForToken: false,
          isApi: true,
          isOpen: true,
          hasOwnRateLimit: false,
          hasMetrics: true,
          stores: ["redis", "postgres"],
          subscriptions: [],
          ...stage,
        },
      ],
    },
    containers: new Map(),
  } as unknown as VerifyContext;
}

function sourcesOf(context: VerifyContext): string[] {
  return selectChecks(context, "complete").flatMap(({ source }) => source?.split(", ") ?? []);
}

test("every test of the sources is among the complete checks", () => {
  const sources = sourcesOf(contextWith({}, { grafana: "http://localhost:3000" }));
  const rows = Array.from({ length: 12 }, (_, index) => `000-${136 + index}`);
  expect(rows.filter((row) => !sources.includes(row))).toEqual([]);
});

test("a quick look asks for containers and health alone", () => {
  expect(selectChecks(contextWith({}), "quick").map(({ name }) => name)).toEqual([
    "traefik runs as storytelling-traefik and is healthy",
    "the gateway's /health finds the platform and every stage well",
    "cleaning: health through the gateway",
  ]);
});

test("a look at one stage does not ask for the health of the others", () => {
  const context = contextWith({});
  const services = [{ service: "orchestrator", container: "cleaning-orchestrator", stage: 1 }];
  const focused = { ...context, outputs: { ...context.outputs, services } };
  expect(selectChecks(focused, "quick").map(({ name }) => name)).toEqual([
    "stage 1 orchestrator runs as cleaning-orchestrator and is healthy",
    "cleaning: health through the gateway",
  ]);
});

test("only a complete verification uses up the rate limit", () => {
  const disturbing = (depth: "thorough" | "complete") =>
    selectChecks(contextWith({}), depth).filter((check) => check.disturbing === true).length;
  expect([disturbing("thorough"), disturbing("complete")]).toEqual([0, 1]);
});

test("behind authentication no document is sent, and a limit of the route's own is not counted out", () => {
  const namesOf = (stage: object) => selectChecks(contextWith(stage), "complete").map(({ name }) => name);
  const mentions = (names: readonly string[], word: string) => names.some((name) => name.includes(word));

  expect(mentions(namesOf({ isOpen: false }), "document")).toBe(false);
  expect(mentions(namesOf({ hasOwnRateLimit: true }), "rate limit")).toBe(false);
  expect(mentions(namesOf({}), "rate limit")).toBe(true);
});

test("no document is sent to a stage that takes none", () => {
  const sendsDocument = (processesDocuments: boolean) =>
    selectChecks(contextWith({ processesDocuments }), "complete").some(({ name }) =>
      name.includes("document"),
    );
  expect([sendsDocument(true), sendsDocument(false)]).toEqual([true, false]);
});

test("a stage whose route asks for a token is asked without one, too (003-042)", () => {
  const refuses = (asksForToken: boolean) =>
    selectChecks(contextWith({ asksForToken }), "complete").some(({ source }) => source === "003-042");
  expect([refuses(true), refuses(false)]).toEqual([true, false]);
});

test("each internal service is asked for at the gateway, where it must not be", () => {
  const internalServices = [{ name: "ner-service", container: "nlp-ner-service", port: 8001 }];
  const names = selectChecks(contextWith({ internalServices }), "complete").map(({ name }) => name);
  expect(names).toContain("cleaning: the internal service ner-service has no route");
});

test("a stage that stands alone is asked for nothing of the platform (000-009)", () => {
  const names = selectChecks(contextWith({}, { gateway: undefined }), "complete").map(({ name }) => name);
  expect(names).toEqual([
    "traefik runs as storytelling-traefik and is healthy",
    "cleaning: health on its port of the host",
    "every container has a CPU and a memory limit",
    "cleaning: broker and cache answer with the stage's own variables",
    "cleaning: SELECT 1 as the stage's user, tables of schema public",
    "cleaning: a document is processed and readable",
  ]);
});

test("pages that take no store and have no metrics are asked for neither", () => {
  const pages = { isApi: false, hasMetrics: false, stores: [], processesDocuments: false };
  const names = selectChecks(contextWith(pages), "complete").map(({ name }) => name);
  expect(names.filter((name) => /reachable|Prometheus|broker|SELECT/.test(name))).toEqual([]);
});
