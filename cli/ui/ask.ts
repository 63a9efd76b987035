import { UserError } from "../../components/core/errors.ts";

/** Whether a person can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Asks for a value that the terminal does not show. Throws a UserError on an interrupt. */
export async function askSecret(message: string): Promise<string> {
  const { password } = await import("@inquirer/prompts");
  return orInterrupted(password({ message, mask: "*" }));
}

/** Asks a yes-or-no question; the answer is no unless the person says yes. Throws a UserError on an interrupt. */
export async function confirm(message: string): Promise<boolean> {
  // Loaded on the rare runs that ask: every run would pay for it otherwise.
  const { confirm: prompt } = await import("@inquirer/prompts");
  return orInterrupted(prompt({ message, default: false }));
}

async function orInterrupted<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === "ExitPromptError") throw new UserError("interrupted");
    throw error;
  }
}
