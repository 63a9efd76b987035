import { Command } from "commander";
import { UserError } from "../components/core/errors.ts";
import { addEventVerbs } from "./event-verbs.ts";
import { stackVerb } from "./stack-verb.ts";
import { MARKS, note } from "./ui/say.ts";
import type { ExportOptions } from "./verbs/export.ts";
import type { ImportOptions } from "./verbs/import.ts";
import type { NewOptions } from "./verbs/new.ts";
import type { RotateOptions } from "./verbs/rotate.ts";
import type { VerifyOptions } from "./verbs/verify.ts";

/** A verb's action: its exit code. Verbs are loaded when they run, so that each pays for its own libraries only. */
type Action<Options> = (options: Options) => Promise<number>;

function verb<Options>(load: () => Promise<Action<Options>>): (options: Options) => Promise<void> {
  return async (options) => {
    const action = await load();
    process.exitCode = await action(options);
  };
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
    .option("--policy", "refuse what breaks a rule of policy/")
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
    .option("--policy", "fail when something breaks a rule of policy/")
    .action(verb(async () => (await import("./verbs/preview.ts")).preview));

  stackVerb(program, "verify", "prove from outside that the platform, or one stage, does what it must")
    .argument("[stage]", "look at this stage only, whoever runs its containers")
    .option("--quick", "containers and health only")
    .option("--json", "print the results as JSON")
    .addHelpText(
      "after",
      "\nIt sends the document `storytelling-verify-<stage>` through each stage, and its last checks use up the rate limit\n" +
        "of this host: the gateway answers 429 for some seconds.",
    )
    .action(async (stage: string | undefined, options: VerifyOptions) => {
      const { verify } = await import("./verbs/verify.ts");
      process.exitCode = await verify(stage, options);
    });

  stackVerb(program, "status", "show every service with its state and URL")
    .option("--json", "print the rows as JSON")
    .action(verb(async () => (await import("./verbs/status.ts")).status));

  stackVerb(program, "destroy", "remove containers and networks; volumes, databases and passwords stay")
    .option("--yes", "do not ask")
    .option("--delete-data", "delete volumes, databases and passwords too")
    .action(verb(async () => (await import("./verbs/destroy.ts")).destroy));

  stackVerb(program, "rotate", "give one stage new passwords; only its own containers restart")
    .argument("<stage>", "name of the stage")
    .option("--yes", "do not ask")
    .option("--json", "print what was done as JSON")
    .addHelpText(
      "after",
      "\nNew are the generated passwords that the stage's containers hold: of its database, of the databases that it reads\n" +
        "and, with redisAuthentication, of its Redis user. The old ones are refused from then on (docs/secrets.md).",
    )
    .action(async (stage: string, options: RotateOptions) => {
      const { rotate } = await import("./verbs/rotate.ts");
      process.exitCode = await rotate(stage, options);
    });

  stackVerb(program, "secret", "encrypt a secret into the stack's file, for the stages that name it")
    .argument("<name>", "in capitals, for example OPENAI_API_KEY or STAGE1_POSTGRES_PASSWORD")
    .addHelpText("after", "\nThe value is asked for, or read from the standard input.")
    .action(async (name: string, options: { readonly stack: string }) => {
      const { setSecret } = await import("./verbs/secret.ts");
      process.exitCode = await setSecret(name, options);
    });

  stackVerb(program, "new", "write the definition of a new stage and name it in the catalogue")
    .argument("<number>", "1 to 8")
    .argument("<name>", "lower-case word, for example topic-models")
    .option(
      "--with-application <folder>",
      "also copy the reference stage there, as a start for the application",
    )
    .option("--force", "write over a definition or a folder that is there")
    .action(async (number: string, name: string, options: NewOptions) => {
      const { newStage } = await import("./verbs/new.ts");
      process.exitCode = await newStage(number, name, options);
    });

  stackVerb(program, "export", "write a stage as a compose project, for a team that uses Compose")
    .argument("<stage>", "name of the stage")
    .option("--out <folder>", "folder to write to; stage<n>-<name> unless given")
    .option("--with-secrets", "also write .env with the passwords of the running platform")
    .option("--force", "write over files that are there")
    .action(async (name: string, options: ExportOptions) => {
      const { exportStage } = await import("./verbs/export.ts");
      process.exitCode = await exportStage(name, options);
    });

  stackVerb(program, "import", "turn the compose file of a stage into a stage definition")
    .argument("<files...>", "compose file, or a base and the files that are laid over it")
    .option("--number <n>", "number of the stage, where the file does not tell it")
    .option("--name <name>", "name of the stage, where the file does not tell it")
    .option("--out <file>", "file to write to; the terminal unless given")
    .option("--force", "write over a file that is there")
    .action(async (files: string[], options: ImportOptions) => {
      const { importFile } = await import("./verbs/import.ts");
      process.exitCode = await importFile(files, options);
    });

  addEventVerbs(program);

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
