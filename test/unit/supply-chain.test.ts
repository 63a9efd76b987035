import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { GO_RECIPES } from "../../offline/go/recipes.ts";

const REPOSITORY = join(import.meta.dirname, "..", "..");

function read(...path: readonly string[]): string {
  return readFileSync(join(REPOSITORY, ...path), "utf8");
}

test("every npm package is locked with the hash of its contents", () => {
  const { packages } = JSON.parse(read("package-lock.json")) as {
    readonly packages: Readonly<Record<string, { readonly integrity?: string }>>;
  };
  const unproved = Object.entries(packages).filter(
    ([path, { integrity = "" }]) => path !== "" && !integrity.startsWith("sha512-"),
  );

  expect(Object.keys(packages).length).toBeGreaterThan(300);
  // Its author names it and has not published it; npm leaves it out everywhere.
  expect(unproved.map(([path]) => path)).toEqual(["node_modules/lefthook-android-arm64"]);
});

test("every direct npm package has an exact version", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json")) as Record<
    string,
    Record<string, string>
  >;
  const versions = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });

  expect(versions.filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test("every program that is compiled here has the sums of its modules", () => {
  for (const { folder, module } of Object.values(GO_RECIPES)) {
    const [name = "", version = ""] = module.split(" ");
    expect(read("offline", "go", folder, "go.sum")).toContain(`${name} ${version} h1:`);
  }
});

test.each([["reference-stage"], ["reference-stage", "tests"]])(
  "every Python package of %j is pinned with its hash",
  (...folder) => {
    const requirements = read("examples", ...folder, "requirements.txt")
      .replaceAll("\\\n", " ")
      .split("\n")
      .filter((line) => /^[a-z]/i.test(line));

    expect(requirements.length).toBeGreaterThan(5);
    expect(
      requirements.filter((line) => !/^[\w.[\],-]+==\S+ .*--hash=sha256:[0-9a-f]{64}/.test(line)),
    ).toEqual([]);
  },
);

const workflows = readdirSync(join(REPOSITORY, ".github", "workflows"));

test.each(workflows)("%s runs actions by their commit, and says which version that is", (workflow) => {
  const uses = read(".github", "workflows", workflow).match(/uses: .+/g) ?? [];

  expect(uses.length).toBeGreaterThan(0);
  expect(
    uses.filter((line) => !/^uses: [\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(line)),
  ).toEqual([]);
});

test.each(workflows)("%s grants no right but those that a job names", (workflow) => {
  const { permissions } = parse(read(".github", "workflows", workflow)) as { readonly permissions: object };

  expect([{}, { contents: "read" }]).toContainEqual(permissions);
});
