import type { Command } from "commander";

/** A verb that works on a stack. */
export function stackVerb(program: Command, name: string, description: string): Command {
  return program.command(name).description(description).option("--stack <name>", "stack to work on", "dev");
}
