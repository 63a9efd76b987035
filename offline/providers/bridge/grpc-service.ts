import {
  Metadata,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import statusProto from "@pulumi/pulumi/proto/status_pb.js";
import anyProto from "google-protobuf/google/protobuf/any_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import { InitialisationError, messageOf } from "./errors.ts";
import { changesResponse, checkResponse, diffResponse, toMap, toStruct } from "./grpc-messages.ts";
import type { ProviderRuntime } from "./runtime.ts";

export interface ServiceIdentity {
  readonly version: string;
  readonly detailedDiff: boolean;
}

/**
 * Pulumi's provider protocol on top of a `ProviderRuntime`. Methods that are not here (components,
 * parameterised packages, mappings) answer "unimplemented", which is what the engine expects of a plugin
 * that has none.
 *
 * Secrets: the plugin declares that it takes none, so the engine sends plain values and marks an output
 * secret where the input of the same name was.
 */
export function grpcService<Client>(
  runtime: ProviderRuntime<Client>,
  identity: ServiceIdentity,
): UntypedServiceImplementation {
  return {
    getPluginInfo: unary(() => {
      const info = new pluginProto.PluginInfo();
      info.setVersion(identity.version);
      return info;
    }),
    getSchema: unary(() => {
      const schema = new providerProto.GetSchemaResponse();
      schema.setSchema("{}");
      return schema;
    }),
    checkConfig: unary((request: messages.CheckRequest) => {
      const { inputs, failures } = runtime.checkConfig(toMap(request.getNews()));
      return checkResponse(inputs, failures);
    }),
    diffConfig: unary((request: messages.DiffRequest) => {
      const changed = runtime.diffConfig(toMap(request.getOlds()), toMap(request.getNews()));
      return changesResponse(changed, []);
    }),
    configure: unary((request: messages.ConfigureRequest) => {
      runtime.configure(toMap(request.getArgs()));
      const response = new providerProto.ConfigureResponse();
      response.setSupportspreview(true);
      return response;
    }),
    check: unary((request: messages.CheckRequest) => {
      const suffix = Buffer.from(request.getRandomseed_asU8()).toString("hex").slice(0, 7);
      const olds = toMap(request.getOlds());
      const { inputs, failures } = runtime.check(request.getUrn(), olds, toMap(request.getNews()), suffix);
      return checkResponse(inputs, failures);
    }),
    diff: unary((request: messages.DiffRequest) => {
      const plan = runtime.diff(request.getUrn(), toMap(request.getOlds()), toMap(request.getNews()));
      return diffResponse(plan, identity.detailedDiff);
    }),
    create: unary(async (request: messages.CreateRequest) => {
      const inputs = toMap(request.getProperties());
      const created = await keepingState(runtime, request.getUrn(), () =>
        runtime.create(request.getUrn(), inputs, request.getPreview()),
      );
      const response = new providerProto.CreateResponse();
      response.setId(created.id);
      response.setProperties(toStruct(created.outputs));
      return response;
    }),
    read: unary(async (request: messages.ReadRequest) => {
      const inputs = toMap(request.getInputs());
      const outputs = toMap(request.getProperties());
      const found = await runtime.read(request.getUrn(), request.getId(), inputs, outputs);
      const response = new providerProto.ReadResponse();
      if (!found) return response;
      response.setId(found.id);
      response.setProperties(toStruct(found.outputs));
      response.setInputs(toStruct(found.inputs));
      return response;
    }),
    update: unary(async (request: messages.UpdateRequest) => {
      const olds = toMap(request.getOlds());
      const news = toMap(request.getNews());
      const urn = request.getUrn();
      const outputs = await keepingState(runtime, urn, () =>
        runtime.update(urn, request.getId(), olds, news, request.getPreview()),
      );
      const response = new providerProto.UpdateResponse();
      response.setProperties(toStruct(outputs));
      return response;
    }),
    delete: unary(async (request: messages.DeleteRequest) => {
      await runtime.delete(request.getUrn(), request.getId(), toMap(request.getProperties()));
      return new emptyProto.Empty();
    }),
    invoke: unary((request: messages.InvokeRequest): emptyProto.Empty => {
      throw new Error(
        `the stand-in plugin has no functions, and "${request.getTok()}" was called; the official plugin has it`,
      );
    }),
    cancel: unary(() => {
      runtime.cancel();
      return new emptyProto.Empty();
    }),
  };
}

function unary<Request, Response>(answer: (request: Request) => Response | Promise<Response>) {
  return (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error: unknown) => callback(toServiceError(error)),
      );
  };
}

/** Turns the outputs of a half-made resource into what the state stores, on their way out as an error. */
async function keepingState<Client, Result>(
  runtime: ProviderRuntime<Client>,
  urn: string,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InitialisationError)) throw error;
    throw new InitialisationError(error.message, error.id, runtime.stateOf(urn, error.id, error.outputs));
  }
}

/** gRPC carries the state of a half-made resource as a packed detail of the error. */
function toServiceError(error: unknown): Partial<ServiceError> {
  const message = messageOf(error);
  const metadata = new Metadata();
  if (error instanceof InitialisationError) {
    const failure = new providerProto.ErrorResourceInitFailed();
    failure.setId(error.id);
    failure.setProperties(toStruct(error.outputs));
    failure.setReasonsList([message]);
    const detail = new anyProto.Any();
    detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const packed = new statusProto.Status();
    packed.setCode(status.UNKNOWN);
    packed.setMessage(message);
    packed.addDetails(detail);
    metadata.add("grpc-status-details-bin", Buffer.from(packed.serializeBinary()));
  }
  return { code: status.UNKNOWN, details: message, message, metadata };
}
