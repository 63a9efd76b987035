import { UserError } from "../../components/core/errors.ts";
import { interpolate } from "./interpolation.ts";
import type { ComposeProject, ComposeService } from "./project.ts";

/** What the caller says of the stage; the file is asked for the rest. */
export interface GivenIdentity {
  readonly number?: number;
  readonly name?: string;
}

export interface Identity {
  readonly number: number;
  readonly name: string;
}

const PROJECT = /^stage([1-8])-([a-z0-9-]+)$/;

/** Number and name of the stage of a file. Throws a UserError when nothing in it tells them. */
export function identityOf(
  project: ComposeProject,
  entry: ComposeService,
  given: GivenIdentity,
  file: string,
): Identity {
  const services = Object.values(project.services);
  const projects = [project.name, entry.labels?.["com.docker.compose.project"]];
  const matched = projects.map((name) => PROJECT.exec(name ?? "")).find((match) => match !== null);
  const number = given.number ?? toNumber(matched?.[1]) ?? numberOf(services);
  const name = given.name ?? matched?.[2] ?? nameOf(entry, services);
  if (number === undefined) throw unknown(file, "number", "--number", "a whole number from 1 to 8");
  if (name === undefined) throw unknown(file, "name", "--name", 'a word such as "embeddings"');
  return { number, name };
}

function unknown(file: string, what: string, option: string, allowed: string): UserError {
  return new UserError(
    `${file}: nothing in it tells the ${what} of the stage; give it with ${option}, ${allowed}`,
  );
}

/** The label `stage`, the user `stage{N}_user`, or Celery's database `2N-2` (`000-021`, `000-028`). */
function numberOf(services: readonly ComposeService[]): number | undefined {
  const labels = services.map(({ labels = {} }) => toNumber(labels["stage"]));
  const users = values(services, "POSTGRES_USER").map((user) =>
    toNumber(/^stage(\d+)_user$/.exec(user)?.[1]),
  );
  const databases = values(services, "REDIS_DB").map((database) => {
    const number = toNumber(database);
    return number !== undefined && number % 2 === 0 ? number / 2 + 1 : undefined;
  });
  return [...labels, ...users, ...databases].find((number) => number !== undefined);
}

/** `{name}-orchestrator`, or the database `stage{N}_{name}` (`000-017`, `000-027`). */
function nameOf(entry: ComposeService, services: readonly ComposeService[]): string | undefined {
  const container = /^([a-z0-9-]+)-orchestrator$/.exec(entry.container_name ?? "")?.[1];
  const databases = values(services, "POSTGRES_DB").map((database) =>
    /^stage\d+_([a-z0-9_]+)$/.exec(database)?.[1]?.replaceAll("_", "-"),
  );
  return [container, ...databases].find((name) => name !== undefined);
}

function values(services: readonly ComposeService[], variable: string): string[] {
  return services.flatMap(({ environment }) => {
    const value = environment?.[variable];
    return value === undefined ? [] : [interpolate(value).text];
  });
}

function toNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
