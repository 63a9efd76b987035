import type { Resource } from "../bridge/resource.ts";
import { boolean, integer, output, string, textMap } from "../bridge/schema.ts";
import { generatePassword } from "./password-characters.ts";

/** bcrypt looks at no more than this many bytes. */
const BCRYPT_BYTES = 72;
const BCRYPT_COST = 10;

/** `random:index/randomPassword:RandomPassword`: every change makes a new password. */
export const randomPassword: Resource<void> = {
  type: "random:index/randomPassword:RandomPassword",
  meta: '{"schema_version":"3"}',
  deleteBeforeReplace: "never",
  schema: {
    length: integer({ required: true, forceNew: true }),
    special: boolean({ default: true, forceNew: true }),
    overrideSpecial: string({ forceNew: true, omitWhenNull: true }),
    keepers: textMap({ forceNew: true, omitWhenNull: true }),
    lower: output(boolean(), true),
    upper: output(boolean(), true),
    numeric: output(boolean(), true),
    number: output(boolean(), true),
    minLower: output(integer(), 0),
    minUpper: output(integer(), 0),
    minNumeric: output(integer(), 0),
    minSpecial: output(integer(), 0),
    result: { ...output(), secret: true },
    bcryptHash: { ...output(), secret: true },
  },

  async create(_client, { planned }) {
    const result = generatePassword(planned);
    return { id: "none", outputs: { ...planned, result, bcryptHash: await bcryptHash(result) } };
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

async function bcryptHash(password: string): Promise<string> {
  const { hash } = await import("bcryptjs");
  const bytes = Buffer.from(password).subarray(0, BCRYPT_BYTES).toString();
  const hashed = await hash(bytes, BCRYPT_COST);
  // The official plugin writes the older name of the same format.
  return hashed.replace(/^\$2b\$/, "$2a$");
}
