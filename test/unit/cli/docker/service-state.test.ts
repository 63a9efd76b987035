import type Docker from "dockerode";
import { expect, test } from "vitest";
import { serviceRows } from "../../../../cli/docker/service-state.ts";

function dockerWith(State: string, Status: string): Docker {
  return { listContainers: async () => [{ Names: ["/nlp-it"], State, Status }] } as unknown as Docker;
}

test.each([
  ["a job that ended with 0", true, "Exited (0) 2 minutes ago", "done"],
  ["a job that failed", true, "Exited (3) 2 minutes ago", "stopped (3)"],
  ["a service that ended", false, "Exited (0) 2 minutes ago", "stopped (0)"],
])("the state of %s", async (_, runsToEnd, status, state) => {
  const service = { service: "it", container: "nlp-it", runsToEnd };

  expect(await serviceRows(dockerWith("exited", status), [service])).toMatchObject([{ state }]);
});
