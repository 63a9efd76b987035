import type { StageDefinition, StageService } from "../../components/stage/definition.ts";
import { interpolate, soleVariable } from "./interpolation.ts";
import type { Leftover } from "./leftovers.ts";
import type { ComposeService } from "./project.ts";

type Variables = Readonly<Record<string, string>>;

/** What an application is given beyond what the platform injects. */
export interface OwnVariables {
  readonly environment: Variables;
  readonly secretEnvironment: Variables;
  readonly leftovers: readonly Leftover[];
}

const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|CREDENTIALS?|PRIVATE|_?KEY)$/;
const CREDENTIALS_IN_URL = /:\/\/[^/\s:@]*:[^/\s@]+@/;
const LOCAL_ADDRESS = /\b(localhost|127\.\d+\.\d+\.\d+)\b|\[::1\]/;

/** Sorts the variables of a service by what becomes of them. No value of a secret is in the result. */
export function ownVariables(
  key: string,
  { environment = {} }: ComposeService,
  injected: Variables,
): OwnVariables {
  const own: Record<string, string> = {};
  const secret: Record<string, string> = {};
  const leftovers: Leftover[] = [];
  for (const [name, value] of Object.entries(environment)) {
    const fate = fateOf(name, value, injected[name]);
    if (fate.value !== undefined) own[name] = fate.value;
    if (fate.secret !== undefined) secret[name] = fate.secret;
    if (fate.leftover !== undefined) {
      leftovers.push({ key: `services.${key}.environment.${name}`, reason: fate.leftover });
    }
  }
  return { environment: own, secretEnvironment: secret, leftovers };
}

/** What becomes of one variable. */
interface Fate {
  readonly value?: string;
  /** Name of the secret of the configuration that fills it. */
  readonly secret?: string;
  readonly leftover?: string;
}

function fateOf(name: string, value: string, injected: string | undefined): Fate {
  if (injected !== undefined) return isSame(value, injected) ? {} : { leftover: injectedInstead(injected) };
  const variable = soleVariable(value);
  if (variable !== undefined && (isRequired(value) || SECRET_NAME.test(variable)))
    return { secret: variable };
  const { text, unset } = interpolate(value);
  if (text !== "" && (SECRET_NAME.test(name) || CREDENTIALS_IN_URL.test(text))) {
    return { secret: name, leftover: secretInstead(name) };
  }
  if (unset.length > 0) return { leftover: `${unset.join(" and ")} has no value here; ${WRITE_IT}` };
  if (LOCAL_ADDRESS.test(text)) return { leftover: LOCALHOST };
  return { value: text };
}

const WRITE_IT = "write the whole value in the definition, or make it a secret of the configuration";

const LOCALHOST =
  "in a container localhost is the container itself; give the name of the service, for example redis-broker (000-123)";

function injectedInstead(injected: string): string {
  return `the platform injects this variable; it is "${injected}" here`;
}

function secretInstead(name: string): string {
  return (
    "a secret's value is neither carried over nor shown; " +
    `set it with \`npm run secret -- ${name}\` (docs/secrets.md)`
  );
}

/** `${VAR:?message}`: Compose starts nothing without it. */
function isRequired(value: string): boolean {
  return value.includes("?");
}

/** The same secret may be spelled with another default. */
function isSame(value: string, injected: string): boolean {
  const given = interpolate(value);
  const wanted = interpolate(injected);
  const [secret] = wanted.variables;
  return secret === undefined ? given.text === wanted.text : given.variables.includes(secret);
}

/** The stage with what all of its services are given said once. */
export function withSharedVariables(stage: StageDefinition): StageDefinition {
  const services = Object.values(stage.services);
  if (services.length < 2) return stage;
  const environment = shared(services.map((service) => service.environment ?? {}));
  const secretEnvironment = shared(services.map((service) => service.secretEnvironment ?? {}));
  const shorter = Object.entries(stage.services).map(([name, service]): [string, StageService] => [
    name,
    {
      ...service,
      environment: without(service.environment, environment),
      secretEnvironment: without(service.secretEnvironment, secretEnvironment),
    },
  ]);
  return { ...stage, environment, secretEnvironment, services: Object.fromEntries(shorter) };
}

function shared([first = {}, ...others]: readonly Variables[]): Variables | undefined {
  return unlessEmpty(
    Object.entries(first).filter(([name, value]) => others.every((variables) => variables[name] === value)),
  );
}

function without(variables: Variables = {}, taken: Variables = {}): Variables | undefined {
  return unlessEmpty(Object.entries(variables).filter(([name]) => !(name in taken)));
}

function unlessEmpty(entries: readonly (readonly [string, string])[]): Variables | undefined {
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
