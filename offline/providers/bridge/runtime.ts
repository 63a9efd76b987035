import { type CheckResult, checkInputs } from "./check.ts";
import { type Plan, planChanges } from "./diff.ts";
import type { CheckFailure } from "./errors.ts";
import { forgetUnknown, plannedOutputs, toWireOutputs } from "./normalise.ts";
import type { Provider } from "./provider.ts";
import { refreshInputs } from "./refresh-inputs.ts";
import type { Resource } from "./resource.ts";
import { inputNames, type Schema } from "./schema.ts";
import { canonical, type PropertyMap, type PropertyValue, revealed } from "./values.ts";

export interface DiffResult extends Plan {
  readonly deleteBeforeReplace: boolean;
}

export interface CreateResult {
  readonly id: string;
  readonly outputs: PropertyMap;
}

export interface ReadResult extends CreateResult {
  readonly inputs: PropertyMap;
}

/** Configuration keys that the engine adds for itself. */
const ENGINE_KEYS = new Set(["version", "pluginDownloadURL"]);

/**
 * A provider at work: the answer to each question of the engine, with nothing of gRPC in it.
 *
 * Inputs and outputs are those of the official plugin, `__defaults` and `__meta` included, so that a state
 * can change hands. Left out is `__pulumi_raw_state_delta`: a private note of the bridge that the official
 * plugins are made with, which it can do without.
 */
export class ProviderRuntime<Client> {
  readonly #provider: Provider<Client>;
  readonly #resources: ReadonlyMap<string, Resource<Client>>;
  readonly #cancellation = new AbortController();
  #configured: { readonly client: Client } | undefined;

  public constructor(provider: Provider<Client>) {
    this.#provider = provider;
    this.#resources = new Map(provider.resources.map((resource) => [resource.type, resource]));
  }

  public checkConfig(inputs: PropertyMap): CheckResult {
    const completed = { ...this.#provider.configDefaults?.(process.env), ...inputs };
    const failures: CheckFailure[] = [];
    for (const key of Object.keys(completed)) {
      if (key.startsWith("__") || ENGINE_KEYS.has(key) || this.#provider.config[key]) continue;
      failures.push({ property: key, reason: this.#unknownConfig(key) });
    }
    return { inputs: completed, failures };
  }

  /** Names of the configuration keys that differ. */
  public diffConfig(old: PropertyMap, inputs: PropertyMap): readonly string[] {
    return Object.keys(this.#provider.config).filter((key) => canonical(old[key]) !== canonical(inputs[key]));
  }

  public configure(inputs: PropertyMap): void {
    this.#configured = { client: this.#provider.connect(parseConfig(this.#provider.config, inputs)) };
  }

  public check(urn: string, priorInputs: PropertyMap, inputs: PropertyMap, suffix: string): CheckResult {
    const { type, name } = parseUrn(urn);
    const resource = this.#resources.get(type);
    if (!resource) return { inputs, failures: [{ property: "", reason: this.#unknownType(type) }] };
    const { schema } = resource;
    const { style, name: provider } = this.#provider;
    return checkInputs({ schema, style, provider, type, name, inputs, priorInputs, suffix });
  }

  public diff(urn: string, oldOutputs: PropertyMap, inputs: PropertyMap): DiffResult {
    const resource = this.#resourceOf(urn);
    const plan = planChanges(resource.schema, oldOutputs, inputs);
    return { ...plan, deleteBeforeReplace: plan.replaced.length > 0 && deletesFirst(resource, inputs) };
  }

  public async create(urn: string, inputs: PropertyMap, preview: boolean): Promise<CreateResult> {
    const resource = this.#resourceOf(urn);
    const planned = plannedOutputs(resource.schema, inputs);
    if (preview) return { id: "", outputs: toWireOutputs(resource.schema, planned, resource.meta) };
    const request = { planned: forgetUnknown(planned), signal: this.#cancellation.signal };
    const created = await resource.create(this.#connected(), request);
    return { id: created.id, outputs: wireState(resource, created.id, created.outputs) };
  }

  /** Undefined: the resource is gone. */
  public async read(
    urn: string,
    id: string,
    inputs: PropertyMap,
    outputs: PropertyMap,
  ): Promise<ReadResult | undefined> {
    const resource = this.#resourceOf(urn);
    const found = await resource.read(this.#connected(), id, outputs);
    if (!found) return undefined;
    return {
      id: found.id,
      outputs: wireState(resource, found.id, found.outputs),
      inputs: refreshInputs(resource.schema, inputs, found.outputs),
    };
  }

  public async update(
    urn: string,
    id: string,
    old: PropertyMap,
    inputs: PropertyMap,
    preview: boolean,
  ): Promise<PropertyMap> {
    const resource = this.#resourceOf(urn);
    const planned = plannedOutputs(resource.schema, inputs, old);
    if (preview) return toWireOutputs(resource.schema, planned, resource.meta);
    const changed = new Set(planChanges(resource.schema, old, inputs).changed);
    const outputs = await resource.update(this.#connected(), { id, old, planned, changed });
    return wireState(resource, id, outputs);
  }

  public async delete(urn: string, id: string, outputs: PropertyMap): Promise<void> {
    const signal = this.#cancellation.signal;
    await this.#resourceOf(urn).delete(this.#connected(), { id, outputs, signal });
  }

  /** What a resource that exists but did not come up leaves in the state. */
  public stateOf(urn: string, id: string, outputs: PropertyMap): PropertyMap {
    return wireState(this.#resourceOf(urn), id, outputs);
  }

  /** Makes everything that waits give up. */
  public cancel(): void {
    this.#cancellation.abort(new Error("the deployment was cancelled"));
  }

  #connected(): Client {
    if (!this.#configured) throw new Error(`the ${this.#provider.name} provider is not configured`);
    return this.#configured.client;
  }

  #resourceOf(urn: string): Resource<Client> {
    const { type } = parseUrn(urn);
    const resource = this.#resources.get(type);
    if (!resource) throw new Error(this.#unknownType(type));
    return resource;
  }

  #unknownType(type: string): string {
    const known = [...this.#resources.keys()].sort().join(", ");
    return `the stand-in ${this.#provider.name} plugin does not know the resource type "${type}"; it knows ${known}. ${this.#wayOut()}`;
  }

  #unknownConfig(key: string): string {
    const known = inputNames(this.#provider.config).join(", ");
    return `the stand-in ${this.#provider.name} plugin does not know the configuration key "${key}"; it knows ${known}. ${this.#wayOut()}`;
  }

  #wayOut(): string {
    return `The official plugin knows more: where it can be downloaded, run "pulumi plugin install resource ${this.#provider.name}" and take the stand-in off PATH`;
  }
}

function wireState<Client>(resource: Resource<Client>, id: string, outputs: PropertyMap): PropertyMap {
  return { ...toWireOutputs(resource.schema, outputs, resource.meta), id: outputs["id"] ?? id };
}

function deletesFirst<Client>(resource: Resource<Client>, inputs: PropertyMap): boolean {
  if (resource.deleteBeforeReplace !== "when named") return resource.deleteBeforeReplace === "always";
  const defaulted = inputs["__defaults"];
  return !(Array.isArray(defaulted) && defaulted.includes("name"));
}

/** Numbers and flags of a provider's configuration arrive as JSON text, secrets with their mark. */
function parseConfig(schema: Schema, inputs: PropertyMap): PropertyMap {
  const parsed: Record<string, PropertyValue> = {};
  for (const [key, marked] of Object.entries(inputs)) {
    const value = revealed(marked);
    const kind = schema[key]?.kind;
    const isText = typeof value === "string" && (kind === "integer" || kind === "boolean");
    parsed[key] = isText ? (JSON.parse(value) as PropertyValue) : value;
  }
  return parsed;
}

function parseUrn(urn: string): { readonly type: string; readonly name: string } {
  const [, , qualifiedType = "", ...name] = urn.split("::");
  return { type: qualifiedType.split("$").at(-1) ?? "", name: name.join("::") };
}
