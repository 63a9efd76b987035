/** Whether a person can be asked. */
export function isInteractive(): boolean {
  return process.stdin.isTTY && process.stdout.isTTY;
}

/** Asks a yes-or-no question; the answer is no unless the person says yes. */
export async function confirm(message: string): Promise<boolean> {
  // Loaded on the rare runs that ask: every run would pay for it otherwise.
  const { confirm: prompt } = await import("@inquirer/prompts");
  return prompt({ message, default: false });
}
