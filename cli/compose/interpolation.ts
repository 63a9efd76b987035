/** `$$`, `${VAR}`, `${VAR:-default}`, `${VAR:?message}` or `$VAR`; a default may hold one more variable. */
const EXPRESSION = /\$(?:(\$)|\{([A-Za-z_]\w*)(?:(:?[-+?])((?:[^{}]|\$\{[^{}]*\})*))?\}|([A-Za-z_]\w*))/g;

/** A text of a compose file as one who has no `.env` reads it. */
export interface Interpolated {
  /** The text with defaults in the place of variables; nothing in the place of one without. */
  readonly text: string;
  /** Variables in their order, those inside of defaults too. */
  readonly variables: readonly string[];
  /** Variables without a default. */
  readonly unset: readonly string[];
}

/** Reads a text with variables. */
export function interpolate(value: string): Interpolated {
  const variables: string[] = [];
  const unset: string[] = [];
  const text = value.replaceAll(
    EXPRESSION,
    (_, dollar?: string, braced?: string, operator?: string, operand?: string, bare?: string) => {
      if (dollar !== undefined) return "$";
      const name = braced ?? bare ?? "";
      variables.push(name);
      if (operator === ":-" || operator === "-") {
        const inner = interpolate(operand ?? "");
        variables.push(...inner.variables);
        unset.push(...inner.unset);
        return inner.text;
      }
      if (operator !== ":+" && operator !== "+") unset.push(name);
      return "";
    },
  );
  return { text, variables, unset };
}

/** The variable that a text is and nothing else, without a default. */
export function soleVariable(value: string): string | undefined {
  return /^\$\{([A-Za-z_]\w*)(?::?\?[^{}]*)?\}$/.exec(value)?.[1];
}

/** Marks in which no value of a definition can be written by accident: Unicode gives them no meaning. */
const MARK = { open: "\u{E000}", close: "\u{E001}" } as const;

/** Stands for a secret while an environment is made for a file. */
export function placeholder(variable: string): string {
  return `${MARK.open}${variable}${MARK.close}`;
}

/**
 * A value as the file has it: a dollar is doubled and a placeholder becomes its variable, without which Compose starts
 * nothing (C-12). Where the value was
 * percent-encoded for a URL, a second variable may give the encoded secret; only one with other characters than
 * letters, digits and `-_.~` needs it.
 */
export function toComposeText(value: string): string {
  return value
    .replaceAll("$", "$$$$")
    .replaceAll(/\u{E000}(\w+)\u{E001}/gu, (_, name: string) => `\${${name}:?set it in .env}`)
    .replaceAll(/%EE%80%80(\w+)%EE%80%81/g, (_, name: string) => `\${${encodedName(name)}:-\${${name}}}`);
}

/** Variable with the percent-encoded value of another. */
export function encodedName(variable: string): string {
  return `${variable}_URLENCODED`;
}
