import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";
import { type JsonObject, type RegisterRequest, toPlain, toRedacted } from "./wire.ts";

/** One resource as the program asked the engine for it. */
export interface RegisteredResource {
  readonly type: string;
  readonly name: string;
  readonly urn: string;
  /** False for a component, which is a folder in the tree and nothing else. */
  readonly custom: boolean;
  /** What the provider would get: secrets as their value, what a preview does not know as `UNKNOWN`. */
  readonly inputs: JsonObject;
  /** The same with `SECRET` in the place of every secret: what may be read by anybody. */
  readonly redacted: JsonObject;
  readonly options: RegisteredOptions;
}

/** The resource options, which `newResource` of the SDK's mocks does not get. */
export interface RegisteredOptions {
  /** URN. */
  readonly parent: string | undefined;
  /** URNs, explicit ones and those that come with an input. A component in `dependsOn` stands for its children. */
  readonly dependencies: readonly string[];
  /** `<urn>::<id>` of an explicit provider. */
  readonly provider: string | undefined;
  readonly protect: boolean;
  readonly retainOnDelete: boolean;
  readonly deleteBeforeReplace: boolean;
  readonly ignoreChanges: readonly string[];
  readonly replaceOnChanges: readonly string[];
  /** URN. */
  readonly deletedWith: string | undefined;
  readonly additionalSecretOutputs: readonly string[];
}

export interface MockOptions {
  /** `storytelling` unless given. */
  readonly project?: string;
  /** `test` unless given. */
  readonly stack?: string;
  /** A preview knows no computed output. A deployment is simulated unless given. */
  readonly preview?: boolean;
  /** Stack configuration, keys with their namespace. */
  readonly config?: Readonly<Record<string, string>>;
  /** Keys of `config` that are encrypted. */
  readonly secretConfigKeys?: readonly string[];
}

/** What the program has registered so far. */
export interface Recorder {
  /** Waits until every registration is answered. In the order in which they were asked for. */
  settled(): Promise<readonly RegisteredResource[]>;
  /** The one resource of this type and name; throws and lists what is there when it is missing or twice there. */
  resource(type: string, name: string): Promise<RegisteredResource>;
  ofType(type: string): Promise<readonly RegisteredResource[]>;
}

/** Replaces the engine of this test file by one that records, and forgets what was recorded before. */
export async function startMocks(options: MockOptions = {}): Promise<Recorder> {
  const preview = options.preview ?? false;
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => ({
        id: preview ? undefined : `${name}-id`,
        state: { ...inputs, ...(preview ? {} : computedOutputs(type, name, inputs)) },
      }),
      call: ({ token }) => {
        throw new Error(`the program calls ${token}: a preview would need the real service for it`);
      },
    },
    options.project ?? "storytelling",
    options.stack ?? "test",
    preview,
  );
  pulumi.runtime.setAllConfig({ ...options.config }, [...(options.secretConfigKeys ?? [])]);
  return recordFrom(pulumi.runtime.getMonitor() as unknown as Monitor);
}

/** The part of the SDK's mock monitor through which every registration goes. */
interface Monitor {
  registerResource(request: RegisterRequest, callback: RegisterCallback): Promise<void>;
}

type RegisterCallback = (error: Error | null, response: { getUrn(): string } | undefined) => void;

function recordFrom(monitor: Monitor): Recorder {
  const recorded: RegisteredResource[] = [];
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const index = recorded.push(toRegistered(request, "")) - 1;
    return register(request, (error, response) => {
      recorded[index] = toRegistered(request, response?.getUrn() ?? "");
      callback(error, response);
    });
  };

  const settled = async (): Promise<readonly RegisteredResource[]> => {
    // Not in the SDK's type declarations, and the only way to know that nothing more will be registered.
    await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
    return recorded;
  };
  return {
    settled,
    ofType: async (type) => (await settled()).filter((resource) => resource.type === type),
    resource: async (type, name) => {
      const all = await settled();
      const found = all.filter((resource) => resource.type === type && resource.name === name);
      const [only] = found;
      if (only === undefined || found.length > 1) {
        const list = all.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
        throw new Error(`${found.length} resources are ${type} ${name}; registered:\n  ${list}`);
      }
      return only;
    },
  };
}

function toRegistered(request: RegisterRequest, urn: string): RegisteredResource {
  const inputs = request.getObject()?.toJavaScript() ?? {};
  return {
    type: request.getType(),
    name: request.getName(),
    urn,
    custom: request.getCustom(),
    inputs: toPlain(inputs),
    redacted: toRedacted(inputs),
    options: {
      parent: request.getParent() || undefined,
      dependencies: request.getDependenciesList(),
      provider: request.getProvider() || undefined,
      protect: request.getProtect() ?? false,
      retainOnDelete: request.getRetainondelete() ?? false,
      deleteBeforeReplace: request.getDeletebeforereplace(),
      ignoreChanges: request.getIgnorechangesList(),
      replaceOnChanges: request.getReplaceonchangesList(),
      deletedWith: request.getDeletedwith() || undefined,
      additionalSecretOutputs: request.getAdditionalsecretoutputsList(),
    },
  };
}

/** The outputs that a provider adds. Without them a name or a password would be the text "undefined" in a test. */
function computedOutputs(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  switch (type) {
    case "random:index/randomPassword:RandomPassword":
      // Not marked secret, so that a test sees whether the program marks it.
      return { result: mockPassword(name, Number(inputs["length"])) };
    case "random:index/randomId:RandomId":
      return { hex: mockPassword(name, 2 * Number(inputs["byteLength"])) };
    case "docker:index/remoteImage:RemoteImage":
      return {
        imageId: `sha256:${mockPassword(name, 64)}`,
        repoDigest: `${name}@sha256:${mockPassword(name, 64)}`,
      };
    case "docker:index/container:Container":
      return inputs["attach"] === true ? { exitCode: 0 } : {};
    case "docker:index/volume:Volume":
      return { mountpoint: `/var/lib/docker/volumes/${String(inputs["name"])}/_data` };
    default:
      return {};
  }
}

/** What the mocked `RandomPassword` of this logical name holds. Another name, another password. */
export function mockPassword(name: string, length: number): string {
  return createHash("sha512").update(name).digest("hex").slice(0, length).padEnd(length, "0");
}
