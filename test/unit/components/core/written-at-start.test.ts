import { execa } from "execa";
import { expect, test } from "vitest";
import { writtenAtStart } from "../../../../components/core/written-at-start.ts";

test("the file is there, as it was given, when the command runs", async () => {
  const path = `/dev/shm/storytelling-test-${process.pid}`;
  const content = `a "b" $c \\n %s\n'd'\n`;
  const { command, environment } = writtenAtStart({ path, content }, ["cat", path]);
  const [shell, ...rest] = command as [string, ...string[]];

  try {
    const { stdout } = await execa(shell, rest, {
      env: environment as Record<string, string>,
      stripFinalNewline: false,
    });
    expect(stdout).toBe(content);
  } finally {
    await execa("rm", ["-f", path]);
  }
});
