import { Command } from "commander";
import { UserError } from "../components/core/errors.ts";
import { MARKS, note } from "./ui/say.ts";

/** A verb's action: its exit code. Verbs are loaded when they run, so that each pays for its own libraries only. */
type Action<Options> = (options: Options) => Promise<number>;

function verb<Options>(load: () => Promise<Action<Options>>): (options: Options) => Promise<void> {
  return async (options) => {
    const action = await load();
    process.exitCode = await action(options);
  };
}

function stackVerb(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).option("--stack <name>", "stack to work on", "dev");
}

function createProgram(): Command {
  const program = new Command("storytelling")
    .description(
      "Runs the Storytelling Platform: the shared infrastructure of the document pipeline on one Docker host.",
    )
    .showHelpAfterError("(see --help)");

  stackVerb(
    program,
    "up",
    "set up what is missing, bring the platform up, repair what changed, and verify it",
  )
    .option("--expect-no-changes", "fail when anything had to be changed")
    .option("--skip-verify", "do not verify afterwards")
    .option("--accept-data-loss", "make a lost volume again, empty, without asking")
    .option("--set-aside", "stop and rename containers of others that hold a name of the platform")
    .option("--check-official", "try again to download what an earlier run had to build or leave out")
    .addHelpText(
      "after",
      "\nAfterwards an unchanged platform is looked at (containers and health), and a changed one is verified\n" +
        "in full but for the rate limit, which would lock this host out of the gateway for a minute.",
    )
    .action(verb(async () => (await import("./verbs/up.ts")).up));

  stackVerb(program, "preview", "show what `up` would change; needs no Docker daemon and no database")
    .option("--diff", "show each changed property")
    .option("--json", "print Pulumi's JSON")
    .action(verb(async () => (await import("./verbs/preview.ts")).preview));

  stackVerb(program, "verify", "prove from outside that the platform does what it must")
    .option("--quick", "containers and health only")
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      "\nIt sends the document `storytelling-verify` through each stage, and its last checks use up the rate limit of\n" +
        "this host: the gateway answers 429 for some seconds.",
    )
    .action(verb(async () => (await import("./verbs/verify.ts")).verify));

  stackVerb(program, "status", "show every service with its state and URL")
    .option("--json", "print the rows as JSON")
    .action(verb(async () => (await import("./verbs/status.ts")).status));

  stackVerb(program, "destroy", "remove containers and networks; volumes, databases and passwords stay")
    .option("--yes", "do not ask")
    .option("--delete-data", "delete volumes, databases and passwords too")
    .action(verb(async () => (await import("./verbs/destroy.ts")).destroy));

  stackVerb(program, "test", "run every suite, from format to end-to-end; the last line is the sum")
    .option("--only <suites>", "run only these, by name and with commas between them, for example unit,stack")
    .action(verb(async () => (await import("./verbs/test.ts")).test));

  stackVerb(program, "bench", "measure the speed of the platform against its yardsticks")
    .argument("[options...]", "options of the benchmark itself, after `--`")
    .action(async (args: string[], options: { readonly stack: string }) => {
      const { bench } = await import("./verbs/bench.ts");
      process.exitCode = await bench(options, args);
    });

  return program;
}

try {
  await createProgram().parseAsync();
} catch (error) {
  const text =
    error instanceof UserError ? error.message : error instanceof Error ? error.stack : String(error);
  note(`${MARKS.failed} ${text}`);
  process.exitCode = 1;
}
