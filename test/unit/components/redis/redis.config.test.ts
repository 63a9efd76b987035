import { describe, expect, test } from "vitest";
import { renderRedisConfig } from "../../../../components/redis/redis.config.ts";

/** The directives of a rendered file. */
function parse(file: string): Record<string, string> {
  return Object.fromEntries(
    file
      .trimEnd()
      .split("\n")
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
}

describe("renderRedisConfig", () => {
  const config = parse(renderRedisConfig({ databases: 32, memory: "512 MB" }));

  test("writes every change down and evicts nothing", () => {
    expect(config).toMatchObject({ appendonly: "yes", "maxmemory-policy": "noeviction" });
  });

  test("has as many databases as asked for", () => {
    expect(config["databases"]).toBe("32");
  });

  test.each([
    ["512 MB", "307mb"],
    ["2 GB", "1228mb"],
    ["100 MB", "60mb"],
  ] as const)("leaves 40 %% of %s for the rewrite of the append-only file", (memory, maxmemory) => {
    expect(parse(renderRedisConfig({ databases: 32, memory }))["maxmemory"]).toBe(maxmemory);
  });

  test("is the reviewed file", async () => {
    await expect(renderRedisConfig({ databases: 32, memory: "512 MB" })).toMatchFileSnapshot(
      "../../../golden/redis.conf",
    );
  });
});
