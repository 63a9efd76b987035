import type { TimedRun } from "../processes.ts";
import { inAlternation } from "../samples.ts";

/** One side of a comparison. */
export interface Side {
  readonly name: string;
  /** What is not measured: brings everything to where the side begins. */
  readonly prepare?: () => Promise<void>;
  readonly run: () => Promise<TimedRun>;
}

/** Seconds of each side, one figure for each round. */
export type Measured = ReadonlyMap<string, readonly number[]>;

/**
 * Runs every side in each round, in alternating order. One round before is not counted: it fills the caches of
 * the machine, which would otherwise be to the charge of whoever comes first.
 */
export async function measureRounds(
  sides: readonly Side[],
  rounds: number,
  report: (line: string) => void,
): Promise<Measured> {
  const measured = new Map<string, number[]>(sides.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const side of inAlternation(sides, round)) {
      await side.prepare?.();
      const { seconds } = await side.run();
      const label = round === 0 ? "warm-up" : `round ${round} of ${rounds}`;
      report(`${side.name}, ${label}: ${seconds.toFixed(2)} s`);
      if (round > 0) measured.get(side.name)?.push(seconds);
    }
  }
  return measured;
}

/** The figures of a side that was measured. */
export function secondsOf(measured: Measured, name: string): readonly number[] {
  const seconds = measured.get(name);
  if (seconds === undefined) throw new Error(`nobody measured ${name}`);
  return seconds;
}
