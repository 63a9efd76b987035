import { describe, expect, test } from "vitest";
import type { StageDefinition } from "../../../../components/stage/definition.ts";
import type { StageRoute } from "../../../../components/stage/route.ts";
import { routeProblems } from "../../../../stacks/checks/route-problems.ts";

let nextNumber = 0;

function stage(
  name: string,
  route: StageRoute = {},
  routes: Readonly<Record<string, StageRoute>> = {},
): StageDefinition {
  nextNumber = (nextNumber % 8) + 1;
  return {
    number: nextNumber,
    name,
    image: { reference: "example/stage:1.0" },
    services: { orchestrator: { kind: "orchestrator" } },
    route,
    routes,
  };
}

describe("routes that stand side by side", () => {
  test.each<[string, readonly StageDefinition[]]>([
    ["names that only look alike", [stage("nlp"), stage("my-nlp")]],
    ["a frontend at / and an API", [stage("nlp"), stage("frontend", { prefix: "/" })]],
    [
      "a frontend at / of one host",
      [stage("nlp"), stage("frontend", { prefix: "/", host: "www.example.org" })],
    ],
    [
      "the same path on two hosts",
      [stage("a", { host: "a.test" }), stage("b", { prefix: "/api/v1/a", host: "b.test" })],
    ],
    [
      "a stage that has a host for itself",
      [stage("nlp"), stage("docs", { prefix: "/", host: "docs.test", priority: 200 })],
    ],
    [
      "one host's version of a stage's path",
      [stage("nlp"), stage("beta", { prefix: "/api/v1/nlp", host: "beta.test", priority: 110 })],
    ],
    ["a further route below the main one", [stage("nlp", {}, { hooks: {} })]],
    [
      "further routes below each other",
      [stage("nlp", {}, { hooks: {}, paid: { prefix: "/api/v1/nlp/hooks/paid" } })],
    ],
    ["further routes whose words begin alike", [stage("nlp", {}, { in: {}, ingest: {} })]],
    ["a further route of one host", [stage("nlp", {}, { own: { prefix: "/api/v1/nlp", host: "nlp.test" } })]],
    ["a path that begins like the gateway's own", [stage("nlp", {}, { more: { prefix: "/healthy" } })]],
  ])("%s", (_, stages) => {
    expect(routeProblems(stages)).toEqual([]);
  });
});

describe("routes that hide each other", () => {
  test.each<[string, readonly StageDefinition[], string, string]>([
    [
      "a stage that begins like another (000-191)",
      [stage("nlp2"), stage("nlp")],
      "stages.nlp2.route.prefix",
      'got "/api/v1/nlp2", which the route "/api/v1/nlp" of stage "nlp" also matches; choose prefixes of which none begins with another',
    ],
    [
      "a further route below another stage",
      [stage("nlp"), stage("topics", {}, { hooks: { prefix: "/api/v1/nlp/hooks" } })],
      "stages.topics.routes.hooks.prefix",
      'got "/api/v1/nlp/hooks", which the route "/api/v1/nlp" of stage "nlp" also matches',
    ],
    [
      "further routes of two stages at one path",
      [stage("nlp", {}, { a: { prefix: "/hooks" } }), stage("topics", {}, { b: { prefix: "/hooks" } })],
      "stages.topics.routes.b.prefix",
      'got "/hooks", which the route "/hooks" of stage "nlp" also matches',
    ],
    [
      "two routes of one stage at one path",
      [stage("nlp", {}, { a: { prefix: "/hooks" }, b: { prefix: "/hooks" } })],
      "stages.nlp.routes.b.prefix",
      'got "/hooks", which stages.nlp.routes.a also has; give each route its own',
    ],
    [
      "a further route that the main one is looked at before",
      [stage("nlp", {}, { hooks: { priority: 100 } })],
      "stages.nlp.routes.hooks.priority",
      'got 100, the route "/api/v1/nlp" has 100 and would take its requests; choose a priority above 100',
    ],
    [
      "two frontends at /",
      [stage("a", { prefix: "/" }), stage("b", { prefix: "/" })],
      "stages.b.route.prefix",
      'got "/", which stages.a.route also has; give each route its own',
    ],
    [
      "one host's version of a path that nobody would reach",
      [stage("nlp"), stage("beta", { prefix: "/api/v1/nlp", host: "beta.test" })],
      "stages.beta.route.priority",
      'got 100, the route "/api/v1/nlp" has 100',
    ],
    [
      "a host for itself that is not before the others",
      [stage("nlp"), stage("docs", { prefix: "/", host: "docs.test", priority: 100 })],
      "stages.nlp.route.priority",
      'got 100, the route "/" of docs.test has 100',
    ],
    [
      "the health of the gateway",
      [stage("nlp", {}, { own: { prefix: "/health" } })],
      "stages.nlp.routes.own.prefix",
      'got "/health", which the gateway answers itself',
    ],
    [
      "what is reserved (001-081)",
      [stage("nlp", { prefix: "/infrastructure/nlp" })],
      "stages.nlp.route.prefix",
      'got "/infrastructure/nlp", which the gateway answers itself; choose a prefix that is not "/infrastructure" or below it',
    ],
  ])("%s", (_, stages, key, reason) => {
    const problems = routeProblems(stages);

    expect(problems.map((problem) => problem.key)).toEqual([key]);
    expect(problems[0]?.reason).toContain(reason);
  });

  test("in whatever order they are named", () => {
    const [nlp, nlp2] = [stage("nlp"), stage("nlp2")];

    expect(routeProblems([nlp, nlp2])).toEqual(routeProblems([nlp2, nlp]));
  });
});
