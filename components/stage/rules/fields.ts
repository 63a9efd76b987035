import { z } from "zod";
import { isSize, SIZE, toBytes } from "../../core/units.ts";

/** Each text says what is allowed and what to do; the value comes before it. */
export const CPU_LIMIT = "every service has a CPU limit of at least 0.1 (000-054); give one, for example 0.5";
export const MEMORY_LIMIT = 'every service has a memory limit (000-054); give one, for example "512 MB"';

const STAGE_NUMBER = "a stage has a whole number from 1 to 8; correct it in the stage's definition";
export const stageNumber = z
  .number(STAGE_NUMBER)
  .refine((value) => Number.isInteger(value) && value >= 1 && value <= 8, STAGE_NUMBER);

const WORD =
  "allowed are lower-case letters, digits and single hyphens, at most 40, starting with a letter; rename it";
/** A name from which other names are derived (`000-004`). */
export const word = matching(/^(?=.{1,40}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/, WORD);

/** A name in DNS, and of a container. */
export const hostName = matching(
  /^(?=.{1,63}$)[a-z0-9]+(-[a-z0-9]+)*$/,
  "must be a host name: lower-case letters, digits and single hyphens, at most 63; rename it",
);

export const text = z.string().min(1, "must not be empty; give it or leave the key out");

export const texts = z.array(z.string()).min(1, "must not be empty; give it or leave the key out");

export const imageReference = matching(
  /^[a-z0-9][\w./:-]*(:[\w][\w.-]*|@sha256:[0-9a-f]{64})$/,
  'must be an image with a tag or digest, for example "nlp:1.4.2"; add it',
).refine(
  (value) => !value.endsWith(":latest"),
  'must not be ":latest", which changes without a diff; pin a version',
);

export const routePrefix = matching(
  /^(\/|(\/[a-z0-9-]+)+)$/,
  'a prefix is a path of lower-case words without a slash at its end, for example "/api/v1/nlp", or "/" for everything; correct it',
);

/** A host name as clients write it (`004-038`). */
export const domainName = matching(
  /^(?=.{1,253}$)[a-z0-9]+(-+[a-z0-9]+)*(\.[a-z0-9]+(-+[a-z0-9]+)*)*$/,
  'must be a host name in lower case without scheme and port, for example "api.example.org"; correct it',
);

export const rateLimitName = matching(
  /^rate-limit(-[a-z0-9]+)*$/,
  'must be the name of a limit, "rate-limit" or one that begins with "rate-limit-"; correct it',
);

/** An origin as browsers send it (`003-034`). */
export const origin = matching(
  /^(\*|https?:\/\/[a-z0-9.-]+(:\d{1,5})?)$/,
  'must be an origin without a path, for example "http://localhost:5173", or "*"; correct it',
);

export const httpMethod = matching(/^[A-Z]+$/, 'must be a method in capitals, for example "GET"; correct it');

export const headerName = matching(
  /^[A-Za-z0-9-]+$/,
  'must be the name of a header, for example "X-Request-Id"; name each, browsers take "*" for a name where a password goes along',
);

const SHARE = "must be a share above 0 and at most 1, for example 0.3; correct it";
export const share = z.number(SHARE).refine((value) => value > 0 && value <= 1, SHARE);

export const urlPath = matching(/^\/[\w./-]*$/, 'must be a path that begins with "/"; correct it');

export const absolutePath = matching(
  /^(\/[\w.-]+)+$/,
  'must be an absolute path in the container, for example "/app/data"; correct it',
);

export const dataFilePath = matching(
  /^(\/[\w.-]+)+\.(yaml|yml|json)$/,
  "must be an absolute path that ends with .yaml, .yml or .json; correct it",
);

export const port = wholeNumber(1, 65_535);

export const user = matching(
  /^[a-z0-9_][\w-]*(:[a-z0-9_][\w-]*)?$/,
  'must be a user of the image, "name" or "uid:gid"; correct it',
);

export const pythonModule = matching(
  /^[A-Za-z_]\w*([.:][A-Za-z_]\w*)*$/,
  'must be a Python module, for example "nlp.worker"; correct it',
);

export const queueName = matching(
  /^[\w.-]+$/,
  "must be letters, digits, dots, hyphens and underscores; rename it",
);

/** A key of a stream, or the name of a group. */
export const streamKey = matching(
  /^[\w:.-]{1,200}$/,
  "must be letters, digits and the characters : . - _; rename it",
);

export const keyPattern = matching(
  /^[^\s~%]+$/,
  'must be a pattern of keys without blanks, for example "session:*"; correct it',
);

/** CloudEvents types in the reversed form of a domain (`002-028`, `002-029`). */
export const eventTypes = z
  .array(
    matching(
      /^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*){2,}$/,
      'must be a type such as "com.storytelling.cleaning.document.cleaned"; rename it',
    ),
  )
  .min(1, "must name at least one type of event; add it");

export const duration = matching(
  /^\d+(\.\d+)?(ms|s|m|h)$/,
  'must be a number with ms, s, m or h, for example "10s"; correct it',
);

const VARIABLE = /^[A-Z_a-z]\w*$/;
export const variable = matching(
  VARIABLE,
  "must be the name of a variable: letters, digits and underscores; rename it",
);

export const environment = z.record(variable, z.string("must be a text; put the value in quotes"));

export const secrets = z.record(
  variable,
  matching(/^[A-Z][A-Z0-9_]*$/, "must be the name of a secret of the configuration, in capitals; correct it"),
);

export const positiveDuration = matching(
  /^(?=.*[1-9])\d+(\.\d+)?(ms|s|m|h)$/,
  'must be a number above 0 with ms, s, m or h, for example "10s"; correct it',
);

/** The largest body of a request. */
export const bodySize = size(
  'must be a number, a blank and MB or GB, for example "10 MB"; correct it',
).refine((value) => !isSize(value) || toBytes(value) >= 1024, 'must be at least "0.001 MB"; correct it');

/** An amount of memory. */
export function size(message = 'must be a number, a blank and MB or GB, for example "512 MB"; correct it') {
  return matching(SIZE, message);
}

export function wholeNumber(smallest: number, largest: number) {
  const message = `must be a whole number from ${smallest} to ${largest}; correct it`;
  return z
    .number(message)
    .refine((value) => Number.isInteger(value) && value >= smallest && value <= largest, message);
}

export function oneOf<const Names extends readonly [string, ...string[]]>(...names: Names) {
  return z.enum(names, `must be one of ${names.join(", ")}; choose one`);
}

function matching(pattern: RegExp, message: string) {
  return z.string(message).regex(pattern, message);
}
