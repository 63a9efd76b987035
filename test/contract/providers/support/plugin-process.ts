import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import providerGrpc from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { PropertyMap } from "../../../../offline/providers/bridge/values.ts";

export interface CheckAnswer {
  readonly inputs: PropertyMap;
  readonly failures: readonly { readonly property: string; readonly reason: string }[];
}

export interface DiffAnswer {
  readonly diffs: readonly string[];
  readonly replaces: readonly string[];
  readonly deleteBeforeReplace: boolean;
  /** As the engine names them: `add`, `update-replace`, … */
  readonly kinds: Readonly<Record<string, string>>;
}

type Call<Request, Response> = (
  request: Request,
  callback: (error: ServiceError | null, response: Response) => void,
) => unknown;

/** A stand-in plugin as the engine runs it: its own process, spoken to over gRPC. */
export class PluginProcess {
  readonly #process: ChildProcess;
  readonly #client: InstanceType<typeof providerGrpc.ResourceProviderClient>;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    this.#client = new providerGrpc.ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
  }

  public static async start(
    folder: string,
    name: string,
    environment: NodeJS.ProcessEnv = {},
  ): Promise<PluginProcess> {
    const child = spawn(join(folder, `pulumi-resource-${name}`), [], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [port] = (await once(createInterface(child.stdout), "line")) as [string];
    return new PluginProcess(child, port);
  }

  public async stop(): Promise<void> {
    this.#client.close();
    this.#process.kill();
    await once(this.#process, "exit");
  }

  public async configure(config: PropertyMap): Promise<void> {
    const request = new providerProto.ConfigureRequest();
    request.setArgs(toStruct(config));
    await ask<messages.ConfigureRequest, messages.ConfigureResponse>(
      this.#client.configure.bind(this.#client),
      request,
    );
  }

  public async checkConfig(config: PropertyMap): Promise<CheckAnswer> {
    return this.#checked(this.#client.checkConfig.bind(this.#client), checkRequest("", {}, config));
  }

  public async check(urn: string, olds: PropertyMap, news: PropertyMap): Promise<CheckAnswer> {
    return this.#checked(this.#client.check.bind(this.#client), checkRequest(urn, olds, news));
  }

  public async diff(urn: string, id: string, olds: PropertyMap, news: PropertyMap): Promise<DiffAnswer> {
    const request = new providerProto.DiffRequest();
    request.setUrn(urn);
    request.setId(id);
    request.setOlds(toStruct(olds));
    request.setNews(toStruct(news));
    const answer = await ask<messages.DiffRequest, messages.DiffResponse>(
      this.#client.diff.bind(this.#client),
      request,
    );
    const kinds: Record<string, string> = {};
    answer.getDetaileddiffMap().forEach((detail, path) => {
      kinds[path] = kindName(detail.getKind());
    });
    return {
      diffs: answer.getDiffsList(),
      replaces: answer.getReplacesList(),
      deleteBeforeReplace: answer.getDeletebeforereplace(),
      kinds,
    };
  }

  public async previewCreate(urn: string, inputs: PropertyMap): Promise<PropertyMap> {
    const request = new providerProto.CreateRequest();
    request.setUrn(urn);
    request.setProperties(toStruct(inputs));
    request.setPreview(true);
    const answer = await ask<messages.CreateRequest, messages.CreateResponse>(
      this.#client.create.bind(this.#client),
      request,
    );
    return fromStruct(answer.getProperties());
  }

  public async cancel(): Promise<void> {
    await ask(this.#client.cancel.bind(this.#client), new emptyProto.Empty());
  }

  async #checked(
    call: Call<messages.CheckRequest, messages.CheckResponse>,
    request: messages.CheckRequest,
  ): Promise<CheckAnswer> {
    const answer = await ask(call, request);
    return {
      inputs: fromStruct(answer.getInputs()),
      failures: answer
        .getFailuresList()
        .map((failure) => ({ property: failure.getProperty(), reason: failure.getReason() })),
    };
  }
}

/** `UPDATE_REPLACE` -> `update-replace`. */
function kindName(kind: messages.PropertyDiff.Kind): string {
  const found = Object.entries(providerProto.PropertyDiff.Kind).find(([, value]) => value === kind);
  return (found?.[0] ?? "").toLowerCase().replace("_", "-");
}

function checkRequest(urn: string, olds: PropertyMap, news: PropertyMap): messages.CheckRequest {
  const request = new providerProto.CheckRequest();
  request.setUrn(urn);
  request.setOlds(toStruct(olds));
  request.setNews(toStruct(news));
  request.setRandomseed(new Uint8Array([0xab, 0xcd, 0xef, 0x12]));
  return request;
}

function ask<Request, Response>(call: Call<Request, Response>, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    call(request, (error, response) => (error ? reject(error) : resolve(response)));
  });
}

function toStruct(map: PropertyMap): Struct {
  return structProto.Struct.fromJavaScript(map);
}

function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct?.toJavaScript() ?? {};
}
