import { type ContainerInputs, ownValue } from "../resource.ts";

/** Names by which people call secrets. Those of users, hosts and files are none. */
const SECRET_NAME = /(PASSWORD|PASSWD|SECRET|TOKEN|(API|PRIVATE|SECRET)[_-]?KEY|CREDENTIALS?)$/i;
/** `scheme://user:password@host`. */
const URL_WITH_PASSWORD = /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@]*:[^\s/@]+@/i;

/**
 * Names of variables that are secrets and that the program does not mark as such: state and difference would show them.
 * The values are those before the engine's marks are taken off, where a secret and an unknown are no text.
 */
export function plainVariables(props: Readonly<Record<string, unknown>>): string[] {
  const entries = ownValue(props, "envs");
  if (!Array.isArray(entries)) return [];
  return entries
    .filter((entry) => typeof entry === "string")
    .map((entry) => /^([^=]+)=(.*)$/s.exec(entry) ?? [])
    .filter(([, name = "", value = ""]) => isSecret(name, value))
    .map(([, name = ""]) => name);
}

/** Labels and arguments that show a secret. Docker shows both to everybody who may list containers or processes. */
export function shownSecretProblems({
  name,
  labels = [],
  command = [],
  entrypoints = [],
}: ContainerInputs): string[] {
  return [
    ...labels
      .filter(({ label, value }) => isSecret(label, value))
      .map(
        ({ label }) =>
          `${name} has a secret in the label ${label}; hand it over as a secret variable or file`,
      ),
    ...[...entrypoints, ...command]
      .filter((argument) => isSecret(...assignment(argument)))
      .map(
        (argument) =>
          `${name} has a secret in its argument ${assignment(argument)[0]}; hand it over as a secret variable or file`,
      ),
  ];
}

/** Name and value of `--name=value`; no name for anything else. */
function assignment(argument: string): readonly [name: string, value: string] {
  const [, name = "", value = argument] = /^-*([\w.-]+)=(.*)$/s.exec(argument) ?? [];
  return [name, value];
}

function isSecret(name: string, value: string): boolean {
  return value !== "" && (SECRET_NAME.test(name) || URL_WITH_PASSWORD.test(value));
}
