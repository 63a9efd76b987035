import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  OFFLINE_IMAGES,
  type OfflineImageName,
  offlineReference,
} from "../../../../offline/images/catalogue.ts";
import { contextHashes, imageFolder } from "../../../../offline/images/context-hash.ts";

const NAMES = Object.keys(OFFLINE_IMAGES) as OfflineImageName[];
const HOST = { mirrors: undefined, aptSettings: "", certificates: [] };

describe("images built here", () => {
  test("every folder with a Dockerfile is in the catalogue, and the other way round", async () => {
    const folders = await readdir(join(imageFolder("debian"), ".."), { withFileTypes: true });
    const withImages = folders.filter((entry) => entry.isDirectory()).map(({ name }) => name);

    expect(withImages.sort()).toEqual([...NAMES].sort());
  });

  test("none has a name that an official image could have", () => {
    for (const name of NAMES)
      expect(offlineReference(name)).toMatch(/^storytelling-offline\/[a-z-]+:[\w.-]+$/);
  });

  test.each(NAMES)(
    "the Dockerfile of %s copies exactly the programs that the catalogue names",
    async (name) => {
      const dockerfile = await readFile(join(imageFolder(name), "Dockerfile"), "utf8");
      const own = await readdir(imageFolder(name));
      const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files = ""]) =>
        files.split(" "),
      );
      const programs = copied.filter((file) => !own.includes(file) && !file.endsWith("/"));

      expect(programs).toEqual([...OFFLINE_IMAGES[name].programs]);
    },
  );
});

describe("hash of what an image is built from", () => {
  test("differs between images and is the same at every run", async () => {
    const hashes = await contextHashes(HOST);

    expect(new Set(hashes.values()).size).toBe(NAMES.length);
    expect(await contextHashes(HOST)).toEqual(hashes);
  });

  test("changes for every image when the host trusts another authority: all stand on the base image", async () => {
    const before = await contextHashes(HOST);
    const after = await contextHashes({ ...HOST, certificates: ["another"] });

    expect(NAMES.filter((name) => after.get(name) === before.get(name))).toEqual([]);
  });
});
