import type { Labels } from "../../core/labels.ts";

/** Options of a middleware, by Traefik's names. */
export type Options = Readonly<Record<string, string | number | boolean>>;

/** The labels that make a middleware of a type. Traefik's names are written in lower case. */
export function middlewareLabels(name: string, type: string, options: Options): Labels {
  return Object.fromEntries(
    Object.entries(options).map(([option, value]) => [
      `traefik.http.middlewares.${name}.${type}.${option.toLowerCase()}`,
      String(value),
    ]),
  );
}
