import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parse } from "yaml";
import { projectValues, secretKeys, withFacts, writeStackFile } from "../../../../cli/pulumi/stack-file.ts";
import { openWorkspace, type Workspace } from "../../../../cli/pulumi/workspace.ts";

/** Made by Pulumi 3.259 with the passphrase `correct horse`. */
const SALT = "v1:tuFQ+rNHc1U=:v1:2PbHA9AVHqJ/D1Fd:q2YRt6xwhcpouwoNRnHYEIZZjmWSYw==";

let root: string;
let workspace: Workspace;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "storytelling-stack-file-"));
  await writeFile(join(root, "Pulumi.yaml"), "name: story\nruntime: nodejs\n");
  await writeFile(join(root, "Pulumi.dev.yaml"), "config:\n  story:images:\n    redis: mirror/redis:8\n");
  workspace = await openWorkspace("dev", root);
});

afterEach(async () => rm(root, { recursive: true }));

async function effective(): Promise<unknown> {
  return parse(await readFile(workspace.stackFile, "utf8"));
}

async function put(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}

test("the effective configuration is the committed one with the local facts, and the committed file stays as it is", async () => {
  const committed = await readFile(workspace.committedStackFile, "utf8");

  const values = await writeStackFile(workspace, {
    images: { loki: "built/loki:3" },
    grafana: { enabled: false },
  });

  const config = {
    "story:images": { redis: "mirror/redis:8", loki: "built/loki:3" },
    "story:grafana": { enabled: false },
  };
  expect(await effective()).toEqual({ config });
  expect(values).toEqual({ images: config["story:images"], grafana: config["story:grafana"] });
  expect(await readFile(workspace.committedStackFile, "utf8")).toBe(committed);
});

test("the salt survives when the effective configuration is written again", async () => {
  await put(workspace.stackFile, "encryptionsalt: v1:abc\n");
  await writeStackFile(workspace, {});
  expect(await effective()).toMatchObject({ encryptionsalt: "v1:abc" });
});

test("a lost effective configuration gets its salt from the state, whose secrets need it", async () => {
  const state = {
    checkpoint: { latest: { secrets_providers: { type: "passphrase", state: { salt: "v1:xyz=" } } } },
  };
  await put(workspace.checkpointFile, JSON.stringify(state, undefined, 4));
  await writeStackFile(workspace, {});
  expect(await effective()).toMatchObject({ encryptionsalt: "v1:xyz=" });
});

test("the salt of the user's own backend is left out", async () => {
  await writeFile(workspace.committedStackFile, "encryptionsalt: v1:own\nconfig: {}\n");
  await writeStackFile(workspace, {});
  expect(await effective()).toEqual({ config: {} });
});

test("a secret that the passphrase of this machine opens stays encrypted, with its salt, and is not read", async () => {
  await put(workspace.passphraseFile, "correct horse\n");
  const secrets = { TOKEN: { secure: "v1:abc" } };
  await writeFile(
    workspace.committedStackFile,
    JSON.stringify({
      encryptionsalt: SALT,
      config: { "story:secrets": secrets, "story:limitScale": "0.25" },
    }),
  );

  const values = await writeStackFile(workspace, {});

  expect(await effective()).toMatchObject({ encryptionsalt: SALT, config: { "story:secrets": secrets } });
  expect(values).toEqual({ secrets: { TOKEN: "an encrypted value" }, limitScale: 0.25 });
});

test("fails when the committed file holds secrets of another backend, with each key and what to do", async () => {
  const config = {
    "story:secrets": { STAGE1_POSTGRES_PASSWORD: { secure: "v1:aaa" } },
    "story:token": { secure: "x" },
  };
  await writeFile(workspace.committedStackFile, JSON.stringify({ config }));
  await expect(writeStackFile(workspace, {})).rejects.toThrow(
    /^Pulumi\.dev\.yaml: story:secrets\.STAGE1_POSTGRES_PASSWORD, story:token are encrypted for another backend.*or with another passphrase than the one in \.storytelling\/passphrase.*remove the key.*plain `pulumi up`/,
  );
});

test("fails for a stack that is not committed, with those that are", async () => {
  await expect(openWorkspace("prod", root)).rejects.toThrow(/no stack "prod"; this repository has dev\./);
});

test("secrets are found however deep they are", () => {
  expect(secretKeys({ a: { b: { c: { secure: "x" } } }, d: 1, e: { secure: "y" } })).toEqual(["a.b.c", "e"]);
});

test("a fact wins over the configuration, and the rest of its object stays", () => {
  expect(
    withFacts({ "p:host": { cpus: 2, dockerApiVersion: "1.44" } }, "p", {
      host: { dockerApiVersion: "1.41" },
    }),
  ).toEqual({ "p:host": { cpus: 2, dockerApiVersion: "1.41" } });
});

test("keys of other namespaces are no keys of the project", () => {
  expect(projectValues({ "p:a": 1, "other:a": 2, "p:b": 3 }, "p")).toEqual({ a: 1, b: 3 });
});
