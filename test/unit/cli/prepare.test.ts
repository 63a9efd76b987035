import { expect, test } from "vitest";
import { hostFacts, wantedImages } from "../../../cli/prepare.ts";
import { IMAGES } from "../../../stacks/catalog/images.ts";
import { configSchema } from "../../../stacks/config/schema.ts";

const config = configSchema.parse({});
const official = new Map(Object.entries(IMAGES));

test("every image of the catalogue but Grafana can be built where no registry is in reach", () => {
  const pulledOnly = wantedImages(config).filter(({ offline }) => offline === undefined);
  expect(pulledOnly).toEqual([{ name: "grafana", official: IMAGES.grafana }]);
});

test("an image that the configuration chooses is got under that name, and nothing stands in for it", () => {
  const chosen = configSchema.parse({ images: { redis: "mirror.example/redis:8" } });
  expect(wantedImages(chosen)).toContainEqual({ name: "redis", official: "mirror.example/redis:8" });
});

test("the stores that are off unless asked for are got when they are on, and something else cannot stand in", () => {
  const names = wantedImages(config).map(({ name }) => name);
  expect(names).not.toContain("elasticsearch");
  expect(names).not.toContain("neo4j");

  const asked = configSchema.parse({ elasticsearch: { enabled: true }, neo4j: { enabled: true } });
  expect(wantedImages(asked).filter(({ required }) => required)).toEqual([
    { name: "elasticsearch", official: IMAGES.elasticsearch, required: true },
    { name: "neo4j", official: IMAGES.neo4j, required: true },
  ]);
});

test("no image is got for a Grafana that is switched off", () => {
  const names = wantedImages(configSchema.parse({ grafana: { enabled: false } })).map(({ name }) => name);
  expect(names).not.toContain("grafana");
});

test("a stage that stands alone needs the images of its stores and the one below its own", () => {
  const standalone = configSchema.parse({ mode: "standalone", stages: { cleaning: {} } });
  expect(wantedImages(standalone).map(({ name }) => name)).toEqual(["debian", "redis", "postgres"]);
  expect(hostFacts(standalone, { apiVersion: "1.44" }, official)).toEqual({});
});

test("a host with every official image and a new engine has nothing to add", () => {
  expect(hostFacts(config, { apiVersion: "1.51" }, official)).toEqual({});
});

test("images that stand in for others are named to the program", () => {
  const images = new Map([...official, ["redis", "storytelling-offline/redis:8.0"]]);
  expect(hostFacts(config, { apiVersion: "1.44" }, images)).toEqual({
    images: { redis: "storytelling-offline/redis:8.0" },
  });
});

test("Grafana is left out where its image cannot be had", () => {
  const images = new Map<string, string | undefined>([...official, ["grafana", undefined]]);
  expect(hostFacts(config, { apiVersion: "1.44" }, images)).toEqual({ grafana: { enabled: false } });
});

test("the version of an older engine is told, compared by number", () => {
  expect(hostFacts(config, { apiVersion: "1.9" }, official)).toEqual({ host: { dockerApiVersion: "1.9" } });
});
