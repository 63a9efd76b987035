import { expect, test } from "vitest";
import { summarise } from "../../../../cli/events/stream-entries.ts";

test("a CloudEvent is told by id, type and subject", () => {
  const event = JSON.stringify({ id: "1", type: "com.example.done", subject: "doc-1", data: {} });

  expect(summarise(event)).toEqual({ id: "1", type: "com.example.done", subject: "doc-1" });
});

test.each([undefined, "", "{", "null", "[]", '{"id": 1}'])("%j is no CloudEvent", (event) => {
  expect(summarise(event)).toEqual({ id: "", type: "", subject: "" });
});
