import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { STAND_INS } from "../../../offline/providers/build.ts";
import { type BuiltPlugins, buildPlugins } from "./support/built-plugins.ts";
import { PluginProcess } from "./support/plugin-process.ts";
import {
  changedInputs,
  plain,
  type RecordedPlan,
  type RecordedStep,
  recordedInputs,
  recordedPlans,
  recordedState,
} from "./support/recorded.ts";

let plugins: BuiltPlugins;
const running = new Map<string, PluginProcess>();

beforeAll(async () => {
  plugins = await buildPlugins();
  for (const name of STAND_INS) running.set(name, await PluginProcess.start(plugins.folder, name));
});

afterAll(async () => {
  for (const plugin of running.values()) await plugin.stop();
  await plugins.remove();
});

describe("a stand-in plugin plans each recorded change as the official one does", () => {
  it("covers every recorded line", () => {
    expect(recordedPlans.length).toBeGreaterThan(100);
  });

  it.each(recordedPlans.map((recorded) => [titleOf(recorded), recorded] as const))(
    "%s",
    async (_title, recorded) => {
      const { plan, errors } = await planOf(recorded);
      expect(errors).toEqual(recorded.error ?? []);
      expect(plan).toEqual(recorded.plan);
    },
  );

  it.each(Object.keys(recordedInputs))("plans nothing for an unchanged %s", async (resource) => {
    const { plan, errors } = await planOf({ resource, change: {}, plan: [] });
    expect({ plan, errors }).toEqual({ plan: [], errors: [] });
  });
});

function titleOf({ resource, change, plan, error }: RecordedPlan): string {
  const what = error ? "refused" : (plan[0]?.op ?? "no change");
  return `${resource} ${JSON.stringify(change)}: ${what}`;
}

async function planOf(
  recorded: RecordedPlan,
): Promise<{ plan: readonly RecordedStep[]; errors: readonly string[] }> {
  const { resource, change } = recorded;
  const { urn, type, id, inputs, outputs } = recordedState(resource);
  const plugin = running.get(type.split(":")[0] ?? "");
  if (!plugin) throw new Error(`no stand-in for ${type}`);
  const checked = await plugin.check(urn, plain(inputs), changedInputs(resource, change));
  if (checked.failures.length > 0) {
    const errors = checked.failures.map(
      ({ reason }) => `error: ${type} resource '${resource}' has a problem: ${reason}`,
    );
    return { plan: [], errors };
  }
  const diff = await plugin.diff(urn, id, plain(outputs), checked.inputs);
  if (diff.diffs.length === 0) return { plan: [], errors: [] };
  const isReplaced = diff.replaces.length > 0;
  const reasons = isReplaced ? diff.replaces : diff.diffs;
  const op = isReplaced ? "replace" : "update";
  return {
    plan: [{ resource, op, reasons: inRecordedOrder(reasons, recorded), kinds: diff.kinds }],
    errors: [],
  };
}

/** The order of the reasons carries no meaning. */
function inRecordedOrder(reasons: readonly string[], { plan }: RecordedPlan): readonly string[] {
  const order = plan[0]?.reasons ?? [];
  return reasons.toSorted((left, right) => order.indexOf(left) - order.indexOf(right));
}
