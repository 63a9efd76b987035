import { LineCounter, parseDocument } from "yaml";
import { problemsError, UserError } from "../../components/core/errors.ts";
import type { ComposeProject, ComposeService } from "./project.ts";
import { composeSchema } from "./schema.ts";

/**
 * Reads a compose file. Throws a UserError that names the line or the keys when it is none. No value is in a message,
 * because any of them may be a secret.
 */
export function readProject(text: string, file: string): ComposeProject {
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines });
  const [error] = document.errors;
  if (error !== undefined) {
    throw new UserError(
      `${file}:${lines.linePos(error.pos[0]).line}: is not valid YAML (${error.code}); correct the line, \`docker compose config\` shows the same error`,
    );
  }
  const result = composeSchema.safeParse(document.toJS());
  if (result.success) return withoutExtends(result.data, file);
  throw problemsError(
    `${file} is not a compose file that can be read; correct these keys (\`docker compose config\` checks them, too):`,
    result.error.issues.map(({ path, message }) => ({
      key: path.join(".") || "the file",
      reason: `${message}; see the Compose specification for the forms of this key`,
    })),
  );
}

/** Lays a file over another as `docker compose -f base -f top` does: maps meet, lists grow, the rest is replaced. */
export function overlay(base: ComposeProject, top: ComposeProject): ComposeProject {
  return merge(base, top) as ComposeProject;
}

const REPLACED: ReadonlySet<string> = new Set(["command", "entrypoint", "test"]);

function merge(base: unknown, top: unknown, key = ""): unknown {
  if (Array.isArray(base) && Array.isArray(top) && !REPLACED.has(key)) {
    return [...(base as unknown[]), ...(top as unknown[])];
  }
  if (!isMap(base) || !isMap(top)) return top;
  const merged: Record<string, unknown> = { ...base };
  for (const [name, value] of Object.entries(top)) {
    merged[name] = name in base ? merge(base[name], value, name) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A service that extends another of the same file is that one with what it changes. */
function withoutExtends(project: ComposeProject, file: string): ComposeProject {
  const services = Object.keys(project.services).map(
    (name) => [name, complete(project, name, file)] as const,
  );
  return { ...project, services: Object.fromEntries(services) };
}

function complete(
  { services }: ComposeProject,
  name: string,
  file: string,
  seen: readonly string[] = [],
): ComposeService {
  const { extends: parent, ...own } = services[name] as ComposeService;
  if (parent === undefined) return own;
  if (!(parent.service in services) || "file" in parent || seen.includes(parent.service)) {
    throw new UserError(
      `${file}: services.${name}.extends: got "${parent.service}", only another service of the same file can be read; ` +
        "write the file in full with `docker compose config` and import that",
    );
  }
  const base = complete({ services }, parent.service, file, [...seen, name]);
  return merge(base, own) as ComposeService;
}
