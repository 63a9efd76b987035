import type { StageDefinition } from "../../../components/stage/definition.ts";

/** Whose pages may call the routes that other origins share. */
export const ORIGIN = "http://localhost:5173";

/** A stage whose routes have one behaviour each. */
export const DEMO = {
  number: 1,
  name: "demo",
  image: { reference: "example/demo:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
  routes: {
    hooks: {},
    kept: { prefix: "/kept", stripPrefix: false },
    other: { prefix: "/other" },
    hosted: { prefix: "/api/v1/demo/hosted", host: "demo.example.org", stripPrefix: false },
    limited: { rateLimit: { average: 1, period: "1h", burst: 5 } },
    ingest: { rateLimit: "rate-limit-ingest" },
    patient: { timeout: "5s" },
    breaker: {
      circuitBreaker: { serverErrors: 0.5, fallbackDuration: "2s", recoveryDuration: "1s" },
    },
    slow: { circuitBreaker: { latency: { percent: 50, above: "300ms" }, fallbackDuration: "1s" } },
    lost: { circuitBreaker: { networkErrors: 0.5, fallbackDuration: "1s" } },
    few: { inFlight: { amount: 2 } },
    "few-each": { inFlight: { amount: 2, per: "client" } },
    small: { maxBody: "1 MB" },
    shared: { cors: { origins: [ORIGIN], credentials: true, maxAge: "5m" } },
    "shared-protected": { cors: { origins: [ORIGIN] }, authentication: { basic: "operators" } },
    secured: { securityHeaders: true },
    packed: { compress: true },
    protected: { authentication: { basic: "operators" } },
    sticky: { sticky: true },
    busy: { balancing: "least-busy" },
  },
} as const satisfies StageDefinition;

/** One whose second replica takes no connection, and whose health is not asked during the tests. */
export const BROKEN = {
  number: 2,
  name: "broken",
  image: { reference: "example/broken:1.0" },
  services: { orchestrator: { kind: "orchestrator" } },
  route: { healthInterval: "10m", rateLimit: "rate-limit-ingest" },
  routes: { retried: { healthInterval: "10m", retry: { attempts: 3, initialInterval: "10ms" } } },
} as const satisfies StageDefinition;

/** Pages for everything that no other route takes. */
export const PAGES = {
  number: 8,
  name: "pages",
  image: { reference: "example/pages:1.0" },
  services: { web: { kind: "frontend" } },
  route: { prefix: "/" },
} as const satisfies StageDefinition;
