import { type ResourceValidationArgs, Secret } from "@pulumi/policy";
import { POLICIES } from "../../policy/policies.ts";

export interface JudgedResource {
  readonly type: string;
  readonly name: string;
  /** Secrets as `Secret`, as a remediation gets them. */
  readonly props: Readonly<Record<string, unknown>>;
  readonly protect?: boolean;
}

/** What the policy pack says of a resource, each line with its rule in front: both passes, in the order of Pulumi. */
export async function violations(resource: JudgedResource): Promise<string[]> {
  const found: string[] = [];
  for (const policy of POLICIES) {
    const { validateResource } = policy;
    if (typeof validateResource !== "function") throw new Error(`${policy.name} validates nothing`);
    const config = defaults(policy.configSchema?.properties ?? {});
    await policy.remediateResource?.(argumentsOf(resource, resource.props, config));
    const open = unwrapped(resource.props) as Record<string, unknown>;
    await validateResource(argumentsOf(resource, open, config), (problem) => {
      found.push(`${policy.name}: ${String(problem)}`);
    });
  }
  return found;
}

function argumentsOf(
  { type, name, protect = false }: JudgedResource,
  props: Readonly<Record<string, unknown>>,
  config: object,
): ResourceValidationArgs {
  const used: Partial<ResourceValidationArgs> = {
    type,
    name,
    props,
    urn: `urn:pulumi:test::storytelling::${type}::${name}`,
    opts: {
      protect,
      ignoreChanges: [],
      aliases: [],
      additionalSecretOutputs: [],
      customTimeouts: NO_TIMEOUTS,
    },
    getConfig: <T extends object>() => config as T,
  };
  return used as ResourceValidationArgs;
}

const NO_TIMEOUTS = { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 };

function defaults(properties: Readonly<Record<string, { readonly default?: unknown }>>): object {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, schema.default]));
}

/** A validation sees no mark of a secret. */
function unwrapped(value: unknown): unknown {
  if (value instanceof Secret) return unwrapped(value.value);
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unwrapped(each)]));
}
