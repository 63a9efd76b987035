import { pairwise, type Spread, spreadOf } from "./samples.ts";

/** One line of the table: what was measured, round by round, and with what each round is compared. */
export interface Finding {
  readonly title: string;
  /** Seconds, one figure for each round. */
  readonly measured: readonly number[];
  /** The other side of each pair, in seconds. */
  readonly against: { readonly title: string; readonly seconds: readonly number[] };
  readonly result: FindingResult;
}

export type FindingResult =
  /** How many times as long as the other side. `aim` is what it should be at most. */
  | { readonly kind: "ratio"; readonly aim?: number }
  /** Milliseconds beyond the other side for each of so many things. */
  | { readonly kind: "each"; readonly count: number; readonly thing: string; readonly aim?: number };

/** Where the figures come from; without it they say nothing. */
export interface Circumstances {
  readonly rounds: number;
  readonly cpus: number;
  readonly memoryGigabytes: number;
  readonly docker: string;
  readonly compose: string;
  readonly pulumi: string;
  readonly node: string;
  readonly plugins: string;
}

/** Value of a finding in each round: the ratio, or milliseconds for each thing. */
export function resultsOf({ measured, against, result }: Finding): number[] {
  return pairwise(measured, against.seconds, (ours, theirs) =>
    result.kind === "ratio" ? ours / theirs : ((ours - theirs) * 1000) / result.count,
  );
}

/** The table of the README, with a line under it that says how it was made. */
export function renderReport(findings: readonly Finding[], circumstances: Circumstances): string {
  const rows = findings.map((finding) => [
    finding.title,
    seconds(finding.measured),
    `${finding.against.title}: ${seconds(finding.against.seconds)}`,
    resultCell(finding),
    aimCell(finding.result),
  ]);
  const head = ["What", "Time", "Compared with", "Result", "Aim"];
  return [head, head.map(() => "---"), ...rows].map(tableLine).concat("", caption(circumstances)).join("\n");
}

function tableLine(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

function seconds(values: readonly number[]): string {
  return `${spreadOf(values).median.toFixed(1)} s`;
}

function resultCell(finding: Finding): string {
  const spread = spreadOf(resultsOf(finding));
  return finding.result.kind === "ratio"
    ? `**${spread.median.toFixed(2)} ×** ${range(spread, 2)}`
    : `**${spread.median.toFixed(1)} ms** per ${finding.result.thing} ${range(spread, 1)}`;
}

function range({ min, max }: Spread, digits: number): string {
  return `(${min.toFixed(digits)} to ${max.toFixed(digits)})`;
}

function aimCell({ kind, aim }: FindingResult): string {
  if (aim === undefined) return "";
  return kind === "ratio" ? `${aim} ×` : `${aim} ms`;
}

function caption(c: Circumstances): string {
  return (
    `Median of ${c.rounds} rounds, smallest and largest in brackets; each round measures both sides of each line, in ` +
    `alternating order. ${c.cpus} CPUs, ${c.memoryGigabytes} GB; Docker Engine ${c.docker}, Compose ${c.compose}, ` +
    `Pulumi ${c.pulumi}, Node ${c.node}, ${c.plugins}.`
  );
}
