import { describe, expect, test } from "vitest";
import {
  dockerLogOperators,
  jsonBodyStatements,
} from "../../../../components/telemetry/log-parsing.config.ts";

describe("dockerLogOperators", () => {
  const types = dockerLogOperators().map(({ type }) => type);

  test("leaves a stranger's line before it reads any more of it", () => {
    expect(types.slice(0, 2)).toEqual(["json_parser", "filter"]);
  });

  test("puts a line together before it takes away the newline by which its end is known", () => {
    expect(types.indexOf("recombine")).toBeLessThan(types.indexOf("regex_replace"));
  });

  test("says of a line whose it is by the three labels of its stream", () => {
    const targets = dockerLogOperators().flatMap((operator) => [
      ...("to" in operator ? [operator.to] : []),
      ...(operator.type === "add" && "field" in operator ? [operator.field] : []),
    ]);

    expect(targets.filter((target) => target?.startsWith("resource."))).toEqual([
      "resource.service",
      "resource.container_name",
      "resource.stage",
    ]);
  });
});

describe("jsonBodyStatements", () => {
  const statements = jsonBodyStatements();

  test("reads the line and does not write it", () => {
    expect(statements.filter((statement) => statement.startsWith("set(log.body"))).toEqual([]);
  });

  test.each([
    ["trace_id", 32],
    ["span_id", 16],
  ])("takes a %s of %i hex digits as trace context", (name, digits) => {
    expect(statements).toContainEqual(
      expect.stringMatching(new RegExp(`^set\\(log\\.${name}\\.string, .*\\{${digits}\\}`)),
    );
  });

  test.each([
    ["WARNING", "WARN"],
    ["info", "INFO"],
    ["critical", "FATAL"],
  ])("level %s is severity %s", (level, severity) => {
    const matching = statements.filter((statement) => {
      const words = /"\^\(\?i\)\((.*)\)\$"/.exec(statement)?.[1];
      return words !== undefined && new RegExp(`^(${words})$`, "i").test(level);
    });

    expect(matching).toEqual([
      expect.stringContaining(`SEVERITY_NUMBER_${severity})`),
      expect.stringContaining(`"${severity}"`),
    ]);
  });
});
