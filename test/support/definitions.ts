import fc from "fast-check";
import { commandProbe, httpProbe, noProbe, processProbe, tcpProbe } from "../../components/core/health.ts";
import type { Size } from "../../components/core/units.ts";
import type { ServiceKind, StageDefinition, StageService } from "../../components/stage/definition.ts";
import type { StageRoute } from "../../components/stage/route.ts";

/** A name that a stage or a service may have. */
const words = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/), { minLength: 1, maxLength: 3 })
  .map((parts) => parts.join("-"));

const sizes = fc.integer({ min: 64, max: 2048 }).map((megabytes): Size => `${megabytes} MB`);

const limits = fc
  .record({ cpus: fc.integer({ min: 1, max: 20 }).map((tenths) => tenths / 10), memory: sizes })
  .chain((limit) => fc.constantFrom(limit, { ...limit, memoryReservation: limit.memory }));

const probes = fc.constantFrom(
  httpProbe(8000, "/health"),
  httpProbe(8000, "/health", undefined, "python"),
  tcpProbe(5000),
  commandProbe(["true"]),
  processProbe("worker"),
  noProbe("a test"),
);

const variables = fc.dictionary(
  fc.stringMatching(/^APP_[A-Z]{1,8}$/),
  fc.constantFrom("value", "http://nlp-orchestrator:8000", "with blanks and $ signs", ""),
  { maxKeys: 3 },
);

/** Fields that every kind of service may have. `health` is always there, so that none lacks a probe. */
const commonFields = fc.record(
  {
    health: probes,
    limits,
    command: fc.constantFrom(["python", "-m", "app"], ["sh", "-c", "exec app"]),
    user: fc.constantFrom("app", "1000:1000"),
    workingDirectory: fc.constant("/app"),
    environment: variables,
    volumes: fc.constantFrom(
      [],
      [{ name: "models", path: "/models" }],
      [{ name: "data", path: "/data", readOnly: true }],
    ),
    files: fc.constantFrom([], [{ path: "/app/config/app.yaml", data: { depth: [1, "two", null] } }]),
    sharedMemory: sizes,
    stopGraceSeconds: fc.integer({ min: 0, max: 120 }),
    restart: fc.constantFrom("unless-stopped", "on-failure", "no"),
  },
  { requiredKeys: ["health"] },
);

/** A valid service of a kind. */
function serviceOf(kind: ServiceKind): fc.Arbitrary<StageService> {
  const kindFields: fc.Arbitrary<Partial<StageService>> =
    kind === "worker"
      ? fc.record(
          {
            celeryApp: fc.constant("app.tasks"),
            queues: fc.constant(["fast", "slow"]),
            concurrency: fc.integer({ min: 1, max: 8 }),
          },
          { requiredKeys: [] },
        )
      : fc.constant({});
  const replicas: fc.Arbitrary<Partial<StageService>> =
    kind === "scheduler" || kind === "job"
      ? fc.constant({})
      : fc.record({ replicas: fc.integer({ min: 1, max: 3 }) }, { requiredKeys: [] });
  return fc
    .tuple(commonFields, kindFields, replicas)
    .map(([common, own, copies]) => ({ kind, ...common, ...own, ...copies }));
}

const OTHER_KINDS = ["worker", "scheduler", "internal", "job"] as const satisfies readonly ServiceKind[];

const services = fc
  .tuple(
    fc.constantFrom<ServiceKind>("orchestrator", "frontend").chain(serviceOf),
    fc.uniqueArray(fc.tuple(words, fc.constantFrom(...OTHER_KINDS).chain(serviceOf)), {
      maxLength: 4,
      selector: ([name]) => name,
    }),
  )
  .map(([entry, others]) => {
    let schedulers = 0;
    const kept = others.filter(([name, { kind }]) => {
      if (kind === "scheduler") schedulers += 1;
      return name !== "entry" && (kind !== "scheduler" || schedulers === 1);
    });
    return Object.fromEntries([["entry", entry], ...kept]);
  });

/** A route that asks only for what every deployment has, at the path that is derived. */
const routes: fc.Arbitrary<StageRoute> = fc.record(
  {
    stripPrefix: fc.boolean(),
    rateLimit: fc.constantFrom("rate-limit", "rate-limit-public", {
      average: 10,
      period: "1m",
      burst: 5,
    } as const),
    timeout: fc.constantFrom("30s", "5m"),
    retry: fc.constantFrom({ attempts: 2 }, { attempts: 3, initialInterval: "100ms" } as const),
    circuitBreaker: fc.constantFrom({ serverErrors: 0.5 }, {
      latency: { percent: 10, above: "2s" },
    } as const),
    inFlight: fc.constantFrom({ amount: 10 }, { amount: 2, per: "client" } as const),
    maxBody: sizes,
    cors: fc.constantFrom({ origins: ["*"] }, { origins: ["http://localhost:5173"], credentials: true }),
    securityHeaders: fc.boolean(),
    compress: fc.boolean(),
    authentication: fc.constant("none"),
    sticky: fc.boolean(),
    balancing: fc.constantFrom("round-robin", "least-busy"),
    healthPath: fc.constant("/ready"),
  },
  { requiredKeys: [] },
);

/** A valid definition that names no other stage. */
export function definitions(
  number: fc.Arbitrary<number> = fc.integer({ min: 1, max: 8 }),
): fc.Arbitrary<StageDefinition> {
  return fc
    .record(
      {
        number,
        name: words,
        image: fc.constantFrom({ reference: "example/stage:1.0" }, { reference: "registry.test:5000/a/b:2" }),
        services,
        profile: fc.constantFrom("small", "medium", "large"),
        logLevel: fc.constantFrom("DEBUG", "WARNING"),
        version: fc.constant("2.1.0"),
        environment: variables,
        sharedFiles: fc.boolean(),
        route: routes,
        routes: fc.dictionary(words, routes, { maxKeys: 2 }),
        processesDocuments: fc.boolean(),
        database: fc.record(
          {
            connectionLimit: fc.integer({ min: 1, max: 40 }),
            idleInTransactionSeconds: fc.integer({ min: 0, max: 600 }),
            extensions: fc.constantFrom([], ["pg_trgm"]),
          },
          { requiredKeys: ["connectionLimit"] },
        ),
      },
      { requiredKeys: ["number", "name", "image", "services", "database"] },
    )
    .chain((stage) =>
      fc.boolean().map((publishes) => ({
        ...stage,
        ...(publishes ? { publishes: { types: [`com.storytelling.${stage.name}.document.done`] } } : {}),
      })),
    ) as fc.Arbitrary<StageDefinition>;
}
