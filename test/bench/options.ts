import { parseArgs } from "node:util";
import { UserError } from "../../components/core/errors.ts";

export const MEASUREMENT_NAMES = ["cold", "no-change", "preview", "attach"] as const;
export type MeasurementName = (typeof MEASUREMENT_NAMES)[number];

export interface BenchOptions {
  /** What is measured. Everything unless given. */
  readonly only: readonly MeasurementName[];
  /** How often each side is measured. 5 unless given. */
  readonly rounds: number;
  /** Whether every figure is printed as JSON. A table is printed unless given. */
  readonly json: boolean;
}

/** Throws a UserError that names the option that is wrong. */
export function parseBenchOptions(args: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: "string", default: MEASUREMENT_NAMES.join(",") },
      rounds: { type: "string", default: "5" },
      json: { type: "boolean", default: false },
    },
  });
  return { only: parseNames(values.only), rounds: parseRounds(values.rounds), json: values.json };
}

function parseNames(text: string): MeasurementName[] {
  const wanted = new Set(text.split(","));
  const unknown = [...wanted].filter((name) => !MEASUREMENT_NAMES.some((known) => known === name));
  if (unknown.length > 0) {
    throw new UserError(`--only: got "${unknown.join(",")}", there are ${MEASUREMENT_NAMES.join(", ")}`);
  }
  return MEASUREMENT_NAMES.filter((name) => wanted.has(name));
}

function parseRounds(text: string): number {
  const rounds = Number(text);
  if (Number.isInteger(rounds) && rounds >= 1) return rounds;
  throw new UserError(`--rounds: got "${text}", give a whole number from 1`);
}
