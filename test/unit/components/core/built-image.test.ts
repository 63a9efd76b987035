import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { BuiltImage, contextHash } from "../../../../components/core/built-image.ts";
import { UserError } from "../../../../components/core/errors.ts";
import { startMocks } from "../../../support/mocks.ts";

let context: string;

function write(path: string, content: string): void {
  const file = join(context, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function hash(buildArguments?: Readonly<Record<string, string>>): string {
  return contextHash({
    repository: "storytelling/example",
    context,
    ...(buildArguments && { buildArguments }),
  });
}

beforeEach(() => {
  context = mkdtempSync(join(tmpdir(), "storytelling-built-image-"));
  write("Dockerfile", "FROM debian:trixie-slim\nCOPY . /app\n");
  write("app/main.py", "print('hello')\n");
});

afterEach(() => {
  rmSync(context, { recursive: true });
});

describe("contextHash", () => {
  test("is twelve hex digits and the same for an untouched folder", () => {
    expect(hash()).toMatch(/^[0-9a-f]{12}$/);
    expect(hash()).toBe(hash());
  });

  test.each<[string, () => void]>([
    ["the content of a file", () => write("app/main.py", "print('bye')\n")],
    ["the Dockerfile", () => write("Dockerfile", "FROM debian:trixie\n")],
    ["a new file", () => write("app/new.py", "")],
    ["a removed file", () => rmSync(join(context, "app/main.py"))],
    ["an execute bit", () => chmodSync(join(context, "app/main.py"), 0o755)],
  ])("changes with %s", (_what, change) => {
    const before = hash();
    change();

    expect(hash()).not.toBe(before);
  });

  test("changes when a file moves and keeps its content", () => {
    const before = hash();
    rmSync(join(context, "app/main.py"));
    write("app/start.py", "print('hello')\n");

    expect(hash()).not.toBe(before);
  });

  test("changes with a build argument, and not with the order of build arguments", () => {
    expect(hash({ BASE_IMAGE: "debian:trixie-slim" })).not.toBe(hash());
    expect(hash({ BASE_IMAGE: "a" })).not.toBe(hash({ BASE_IMAGE: "b" }));
    expect(hash({ A: "1", B: "2" })).toBe(hash({ B: "2", A: "1" }));
  });

  test.each<[string, () => void]>([
    ["the time of a file", () => utimesSync(join(context, "app/main.py"), 1, 1)],
    ["a write permission", () => chmodSync(join(context, "app/main.py"), 0o666)],
    ["an empty folder", () => mkdirSync(join(context, "empty"))],
  ])("does not change with %s", (_what, change) => {
    const before = hash();
    change();

    expect(hash()).toBe(before);
  });

  test("does not change with a file that .dockerignore leaves out", () => {
    write(".dockerignore", "**/__pycache__\n*.md\n");
    const before = hash();
    write("app/__pycache__/main.pyc", "bytes");
    write("README.md", "hello");

    expect(hash()).toBe(before);
    write("app/main.py", "print('bye')\n");
    expect(hash()).not.toBe(before);
  });

  test("changes with a Dockerfile that .dockerignore leaves out, because Docker reads it all the same", () => {
    write(".dockerignore", "Dockerfile\n");
    const before = hash();
    write("Dockerfile", "FROM debian:trixie\n");

    expect(hash()).not.toBe(before);
  });

  test("refuses a folder without a Dockerfile and says what to do", () => {
    rmSync(join(context, "Dockerfile"));

    expect(() => hash()).toThrow(
      new UserError(
        `the image folder "${context}" has no Dockerfile: give a folder with one, or an image reference instead of a build`,
      ),
    );
  });

  test("refuses a folder that is not there and says what to do", () => {
    const missing = join(context, "nowhere");

    expect(() => contextHash({ repository: "storytelling/example", context: missing })).toThrow(
      new UserError(
        `the image folder "${missing}" cannot be read: give a folder of the project, or an image reference instead of a build`,
      ),
    );
  });
});

describe("BuiltImage", () => {
  test("is tagged with the hash of its context, which is known before it is built", async () => {
    const recorder = await startMocks();
    const args = { repository: "storytelling/example", context, buildArguments: { BASE_IMAGE: "debian:12" } };
    const image = new BuiltImage("example-image", args);

    const tag = contextHash(args);
    const { inputs } = await recorder.resource("docker:index/remoteImage:RemoteImage", "example-image");
    expect(image.reference).toBe(`storytelling/example:${tag}`);
    expect(inputs).toEqual({
      name: `storytelling/example:${tag}`,
      build: { context, dockerfile: "Dockerfile", buildArgs: { BASE_IMAGE: "debian:12" } },
      triggers: { context: tag },
      keepLocally: true,
    });
  });
});
