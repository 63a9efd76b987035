import { randomBytes } from "node:crypto";
import type { Resource } from "../bridge/resource.ts";
import { integer, output, string, textMap } from "../bridge/schema.ts";
import { numberOf, textOf } from "../bridge/values.ts";

/** `random:index/randomId:RandomId`: random bytes in five notations; the id is the one for URLs. */
export const randomId: Resource<void> = {
  type: "random:index/randomId:RandomId",
  deleteBeforeReplace: "never",
  schema: {
    byteLength: integer({ required: true, forceNew: true }),
    prefix: string({ forceNew: true, omitWhenNull: true }),
    keepers: textMap({ forceNew: true, omitWhenNull: true }),
    b64Std: output(),
    b64Url: output(),
    dec: output(),
    hex: output(),
  },

  async create(_client, { planned }) {
    const bytes = randomBytes(numberOf(planned, "byteLength"));
    const prefix = textOf(planned, "prefix");
    const id = bytes.toString("base64url");
    const hex = bytes.toString("hex");
    const outputs = {
      ...planned,
      b64Std: prefix + bytes.toString("base64"),
      b64Url: prefix + id,
      dec: prefix + BigInt(`0x${hex || "0"}`).toString(),
      hex: prefix + hex,
    };
    return { id, outputs };
  },

  async read(_client, id, outputs) {
    return { id, outputs };
  },

  async update(_client, { planned }) {
    return planned;
  },

  // Nothing exists outside the state.
  async delete() {},
};
