import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import providerProto from "@pulumi/pulumi/proto/provider_pb.js";
import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Change } from "./diff.ts";
import type { CheckFailure } from "./errors.ts";
import type { DiffResult } from "./runtime.ts";
import type { PropertyMap } from "./values.ts";

export function checkResponse(
  inputs: PropertyMap,
  failures: readonly CheckFailure[],
): messages.CheckResponse {
  const response = new providerProto.CheckResponse();
  response.setInputs(toStruct(inputs));
  response.setFailuresList(
    failures.map(({ property, reason }) => {
      const failure = new providerProto.CheckFailure();
      failure.setProperty(property);
      failure.setReason(reason);
      return failure;
    }),
  );
  return response;
}

/** A change without details: only which properties, and which of them replace. */
export function changesResponse(
  changed: readonly string[],
  replaced: readonly string[],
): messages.DiffResponse {
  const response = new providerProto.DiffResponse();
  const { DIFF_SOME, DIFF_NONE } = providerProto.DiffResponse.DiffChanges;
  response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  response.setDiffsList([...changed]);
  response.setReplacesList([...replaced]);
  return response;
}

export function diffResponse(plan: DiffResult, detailed: boolean): messages.DiffResponse {
  const response = changesResponse(plan.changed, plan.replaced);
  response.setDeletebeforereplace(plan.deleteBeforeReplace);
  if (!detailed) return response;
  response.setHasdetaileddiff(true);
  for (const [path, change] of plan.detailed) {
    const detail = new providerProto.PropertyDiff();
    detail.setKind(wireKind(change));
    response.getDetaileddiffMap().set(path, detail);
  }
  return response;
}

function wireKind({ kind, replace }: Change): messages.PropertyDiff.Kind {
  const { Kind } = providerProto.PropertyDiff;
  switch (kind) {
    case "add":
      return replace ? Kind.ADD_REPLACE : Kind.ADD;
    case "delete":
      return replace ? Kind.DELETE_REPLACE : Kind.DELETE;
    case "update":
      return replace ? Kind.UPDATE_REPLACE : Kind.UPDATE;
  }
}

export function toMap(struct: Struct | undefined): PropertyMap {
  return struct?.toJavaScript() ?? {};
}

export function toStruct(map: PropertyMap): Struct {
  return structProto.Struct.fromJavaScript(map);
}
