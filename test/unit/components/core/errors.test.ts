import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { assertNoProblems, UserError } from "../../../../components/core/errors.ts";

describe("UserError", () => {
  test("carries the mark by which Pulumi prints the message without a stack trace", () => {
    expect(pulumi.RunError.isInstance(new UserError("wrong key"))).toBe(true);
    expect(pulumi.RunError.isInstance(new Error("a bug"))).toBe(false);
  });

  test("is an Error with its own name", () => {
    const error = new UserError("wrong key");

    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe("UserError");
    expect(error.message).toBe("wrong key");
  });
});

describe("assertNoProblems", () => {
  test("is silent when there is none", () => {
    expect(() => assertNoProblems("Wrong:", [])).not.toThrow();
  });

  test("tells every problem in one UserError", () => {
    const problems = [
      { key: "stages.nlp.number", reason: "got 9, allowed are 1 to 8" },
      { key: "hostPorts.gateway", reason: "got 0, allowed are 1 to 65535" },
    ];

    expect(() => assertNoProblems("The deployment contradicts itself:", problems)).toThrow(
      new UserError(
        [
          "The deployment contradicts itself:",
          "  ✖ stages.nlp.number: got 9, allowed are 1 to 8",
          "  ✖ hostPorts.gateway: got 0, allowed are 1 to 65535",
        ].join("\n"),
      ),
    );
  });
});
