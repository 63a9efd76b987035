import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../components/stage/definition.ts";
import { stageRoutes } from "../../../components/stage/stage-routes.ts";
import { STAGE_CATALOG } from "../../../stacks/catalog/stages/index.ts";
import { parseConfig } from "../../../stacks/config/load.ts";
import { identityCheck, keySecret, withIdentity } from "../../../stacks/identity.ts";
import { foreignIdentity } from "../../../stacks/identity-service.ts";
import { valueOf } from "../../support/outputs.ts";

const ON = parseConfig({ identity: { enabled: true } });

function stage(changes: Partial<StageDefinition> = {}): StageDefinition {
  return {
    number: 2,
    name: "nlp",
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator" } },
    ...changes,
  };
}

/** The paths of a stage with who may pass. */
function passes(definition: StageDefinition) {
  return stageRoutes(withIdentity(definition, ON)).map(
    ({ route }) => [route.prefix, route.authentication] as const,
  );
}

describe("withIdentity", () => {
  test("asks for a token on every route, and leaves health open (003-001, 000-066)", () => {
    expect(passes(stage({ routes: { ingest: {} } }))).toEqual([
      ["/api/v1/nlp", "identity"],
      ["/api/v1/nlp/health", "none"],
      ["/api/v1/nlp/ingest", "identity"],
    ]);
  });

  test("leaves a route as it is that says who may pass", () => {
    const route = { authentication: { basic: "team" } } as const;

    expect(passes(stage({ route, routes: { hooks: { authentication: "none" } } }))).toEqual([
      ["/api/v1/nlp", { basic: "team" }],
      ["/api/v1/nlp/hooks", "none"],
    ]);
  });

  test("leaves a route `health` of the stage its own", () => {
    expect(passes(stage({ routes: { health: { authentication: "identity" } } }))).toEqual([
      ["/api/v1/nlp", "identity"],
      ["/api/v1/nlp/health", "identity"],
    ]);
  });

  test("has the open health limited and probed like the stage's main route", () => {
    const route = { rateLimit: "rate-limit-public", healthPath: "/ready" };
    const [, health] = stageRoutes(withIdentity(stage({ route }), ON));

    expect(health?.route).toMatchObject({
      rateLimit: "rate-limit-public",
      health: { path: "/ready" },
      strip: { prefix: "/api/v1/nlp" },
    });
  });

  test("opens health on the stage's host alone, and not at the gateway's root, which has its own", () => {
    const [, health] = stageRoutes(withIdentity(stage({ route: { host: "nlp.example.org" } }), ON));

    expect(health?.route.host).toBe("nlp.example.org");
    expect(passes(stage({ route: { prefix: "/" } }))).toEqual([["/", "identity"]]);
  });

  test("opens no health of pages, which have none", () => {
    expect(passes(stage({ services: { web: { kind: "frontend" } } }))).toEqual([["/api/v1/nlp", "identity"]]);
  });

  test("changes nothing while identity is off", () => {
    const definition = stage();

    expect(withIdentity(definition, parseConfig({}))).toBe(definition);
  });

  test("leaves the public API and the pages of the catalogue open (000-117, C-37)", () => {
    const open = STAGE_CATALOG.filter((each) => passes(each)[0]?.[1] === "none").map(({ name }) => name);

    expect(open).toEqual(["api", "frontend"]);
  });
});

describe("identityCheck", () => {
  test("asks the platform's own service unless an address is given", () => {
    const identity = { enabled: true, address: "http://auth:8000", path: "/check", method: "client" };

    expect(identityCheck(ON)?.address).toBe("http://identity-service:8001");
    expect(identityCheck(parseConfig({ identity }))).toMatchObject({
      address: "http://auth:8000",
      path: "/check",
      method: "client",
    });
    expect(identityCheck(parseConfig({}))).toBeUndefined();
  });
});

describe("foreignIdentity", () => {
  const identity = { enabled: true, address: "http://auth:8000", keys: ["2026-11", "2026-10"] };

  test("has the keys that the configuration gives", async () => {
    const secrets = { [keySecret("2026-11")]: "new", [keySecret("2026-10")]: "old" };
    const { url, keys } = foreignIdentity(parseConfig({ identity, secrets }));

    expect(url).toBe("http://auth:8000");
    expect(await valueOf(keys?.signing ?? "")).toBe("new");
    expect(await valueOf(keys?.all ?? "")).toBe('{"2026-11":"new","2026-10":"old"}');
  });

  test("has none where none is given", () => {
    expect(foreignIdentity(parseConfig({ identity })).keys).toBeUndefined();
  });
});
