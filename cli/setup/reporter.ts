import type { Progress } from "../../offline/progress.ts";
import { formatDuration } from "../ui/duration.ts";
import { MARKS, note } from "../ui/say.ts";

/** Shows what the set-up does, on the error stream: a verb's own result goes to the other one. */
export interface Reporter {
  /** Runs a step and shows what it does, how far it is and how long it has taken so far. */
  step<Result>(title: string, work: (progress: Progress) => Promise<Result>): Promise<Result>;
  /** Says something worth knowing, in one line. */
  notice(line: string): void;
}

/** A person watches the time run; a log gets a line of a long step now and then. */
const TERMINAL_TICK_MILLISECONDS = 1_000;
const LOG_TICK_MILLISECONDS = 30_000;

/** The reporter that fits the error stream. */
export function createReporter(isTerminal: boolean = process.stderr.isTTY): Reporter {
  return { step: isTerminal ? showOnTerminal : writeToLog, notice };
}

function notice(line: string): void {
  note(`${MARKS.warning} ${line}`);
}

async function showOnTerminal<Result>(
  title: string,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  // Loaded on the rare runs that have something to set up.
  const { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } = await import("listr2");
  const warnings: string[] = [];
  const results: Result[] = [];
  const tasks = new Listr(
    {
      title,
      task: async (_context, task) => {
        const show = (line: string): void => {
          task.output = line;
        };
        results.push(await tickWhile(TERMINAL_TICK_MILLISECONDS, show, warnings, work));
      },
    },
    {
      renderer: "default",
      rendererOptions: {
        logger: new ListrLogger({
          useIcons: true,
          processOutput: new ProcessOutput(process.stderr, process.stderr),
        }),
        timer: PRESET_TIMER,
        // Whoever catches the error prints it.
        collapseErrors: false,
        showErrorMessage: false,
      },
    },
  );
  try {
    await tasks.run();
  } finally {
    for (const warning of warnings) notice(warning);
  }
  return results[0] as Result;
}

async function writeToLog<Result>(
  title: string,
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const started = performance.now();
  const warnings: string[] = [];
  note(`${MARKS.found} ${title}`);
  try {
    const result = await tickWhile(LOG_TICK_MILLISECONDS, (line) => note(`    ${line}`), warnings, work);
    note(`${MARKS.done} ${title}: ${formatDuration(performance.now() - started)}`);
    return result;
  } finally {
    for (const warning of warnings) notice(warning);
  }
}

/** Runs the work; at each tick shows its last status with the time since the start. */
async function tickWhile<Result>(
  milliseconds: number,
  show: (line: string) => void,
  warnings: string[],
  work: (progress: Progress) => Promise<Result>,
): Promise<Result> {
  const started = performance.now();
  let status = "started";
  const ticker = setInterval(
    () => show(`${status} · ${formatDuration(performance.now() - started)}`),
    milliseconds,
  );
  try {
    return await work({
      report: (next) => {
        status = next;
      },
      warn: (line) => warnings.push(line),
    });
  } finally {
    clearInterval(ticker);
  }
}
