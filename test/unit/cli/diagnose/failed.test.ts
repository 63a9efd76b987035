import type Docker from "dockerode";
import { expect, test } from "vitest";
import { isFailed } from "../../../../cli/diagnose/diagnose.ts";
import { RUNS_TO_END_LABEL } from "../../../../components/core/owner-labels.ts";

type Info = Parameters<typeof isFailed>[0];

function container(state: Partial<Docker.ContainerInspectInfo["State"]>, labels = {}): Info {
  return {
    State: { Status: "running", ExitCode: 0, ...state },
    Config: { Labels: labels },
  } as unknown as Info;
}

const RUNS_TO_END = { [RUNS_TO_END_LABEL]: "true" };

test.each<[string, Info, boolean]>([
  ["runs without a health check", container({}), false],
  ["runs and is healthy", container({ Health: { Status: "healthy" } as never }), false],
  ["runs and is unhealthy", container({ Health: { Status: "unhealthy" } as never }), true],
  ["is a service that ended well, which no service should", container({ Status: "exited" }), true],
  ["ended well, as was its job", container({ Status: "exited" }, RUNS_TO_END), false],
  ["failed at its job", container({ Status: "exited", ExitCode: 3 }, RUNS_TO_END), true],
  ["is still at its job", container({}, RUNS_TO_END), false],
])("a container that %s: failed or not", (_, info, failed) => {
  expect(isFailed(info)).toBe(failed);
});
