/** The table of the documentation, from what a test measured. */
export class BehaviourTable {
  readonly #rows: string[] = [];

  /** Adds what was measured. */
  public readonly record = (behaviour: string, fields: string, asked: string, answered: string): void => {
    this.#rows.push(`| ${behaviour} | ${fields} | ${asked} | ${answered} |`);
  };

  public toMarkdown(): string {
    return [
      "# Routes and behaviours, measured",
      "",
      "Written by `npx vitest run --project contract test/contract/traefik-routes.test.ts -u`, through a real Traefik in front of",
      "real services; without `-u` the same test fails where an answer is another one than here.",
      "[gateway.md](gateway.md) describes the fields.",
      "",
      "| behaviour | the route has | a client asks | answer |",
      "|---|---|---|---|",
      ...this.#rows,
      "",
    ].join("\n");
  }
}
