import { styleText } from "node:util";
import Table from "cli-table3";

/** Rows under bold titles. */
export function table(titles: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const head = titles.map((title) => styleText("bold", title));
  // The library's own colours do not ask whether there is a terminal.
  const result = new Table({ head, style: { head: [], border: [], compact: true } });
  result.push(...rows.map((row) => [...row]));
  return result.toString();
}
