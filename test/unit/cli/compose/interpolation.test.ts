import { describe, expect, test } from "vitest";
import {
  interpolate,
  placeholder,
  soleVariable,
  toComposeText,
} from "../../../../cli/compose/interpolation.ts";

describe("a text with variables", () => {
  test.each([
    ["plain", "plain", [], []],
    ["$$HOME", "$HOME", [], []],
    ["a ${X:-b} c", "a b c", ["X"], []],
    ["${X-b}", "b", ["X"], []],
    ["${X}", "", ["X"], ["X"]],
    ["$X/y", "/y", ["X"], ["X"]],
    ["${X:?tell me}", "", ["X"], ["X"]],
    ["${X:+there}", "", ["X"], []],
    ["${A:-${B:-c}}", "c", ["A", "B"], []],
    ["${A:-${B}}", "", ["A", "B"], ["B"]],
    ["x://u:${A:-${B}}@h", "x://u:@h", ["A", "B"], ["B"]],
  ])("%s is read as %j", (value, text, variables, unset) => {
    expect(interpolate(value)).toEqual({ text, variables, unset });
  });

  test.each([
    ["${X}", "X"],
    ["${X:?needed}", "X"],
    ["${X:-default}", undefined],
    ["a${X}", undefined],
    ["$${X}", undefined],
  ])("%s is the variable %s and nothing else", (value, variable) => {
    expect(soleVariable(value)).toBe(variable);
  });
});

describe("the text for a compose file", () => {
  test("doubles dollars and puts a variable in the place of a secret", () => {
    expect(toComposeText(`$5 ${placeholder("A_B")}`)).toBe("$$5 ${A_B:?set it in .env}");
  });

  test("gives a secret that was percent-encoded a variable of its own", () => {
    const url = `x://u:${encodeURIComponent(placeholder("A"))}@h`;

    expect(toComposeText(url)).toBe("x://u:${A_URLENCODED:-${A}}@h");
  });

  test.each(["", "$", "$$", "${X}", "a$b$$c", "%24"])("is read as what it was: %j", (value) => {
    expect(interpolate(toComposeText(value)).text).toBe(value);
  });
});
