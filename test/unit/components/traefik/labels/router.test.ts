import { expect, test } from "vitest";
import { routeRule } from "../../../../../components/traefik/labels/router.ts";

test.each([
  [
    "the rule of the sources (000-071)",
    { prefix: "/api/v1/nlp", match: "letters" },
    "PathPrefix(`/api/v1/nlp`)",
  ],
  ["whole segments", { prefix: "/hooks", match: "segments" }, "Path(`/hooks`) || PathPrefix(`/hooks/`)"],
  ["everything", { prefix: "/", match: "segments" }, "PathPrefix(`/`)"],
  [
    "a host before the path (004-038)",
    { prefix: "/api/v1/nlp", match: "letters", host: "nlp.example.org" },
    "Host(`nlp.example.org`) && PathPrefix(`/api/v1/nlp`)",
  ],
  [
    "a host before either form of a path",
    { prefix: "/hooks", match: "segments", host: "nlp.example.org" },
    "Host(`nlp.example.org`) && (Path(`/hooks`) || PathPrefix(`/hooks/`))",
  ],
] as const)("%s", (_, route, rule) => {
  expect(routeRule(route)).toBe(rule);
});
