import "../../../../stacks/quick-start.ts";
import * as pulumi from "@pulumi/pulumi";
import { Stage } from "../../../../components/stage/stage.ts";
import { STAGE_CATALOG } from "../../../../stacks/catalog/stages/index.ts";
import { parseConfig } from "../../../../stacks/config/load.ts";
import { Platform } from "../../../../stacks/platform.ts";

/** How many stages: the platform itself has at most eight. */
const count = new pulumi.Config().requireNumber("count");

const platform = new Platform("platform", { config: parseConfig({}) });

// The eight definitions again and again, each time under other names. Numbers repeat, because a stage has one from 1
// to 8; nothing of it is ever made, so the databases that they share do not clash.
for (let index = 0; index < count; index += 1) {
  const definition = STAGE_CATALOG[index % STAGE_CATALOG.length] as (typeof STAGE_CATALOG)[number];
  const name = `${definition.name}-${1 + Math.floor(index / STAGE_CATALOG.length)}`;
  new Stage(`stage${definition.number}-${name}`, {
    definition: { ...definition, name },
    peers: [],
    sharedFiles: new Map(),
    enabled: true,
    platform,
    secret: () => "",
    resolveImage: () => ({ reference: "example/stage:1.0.0", ready: [] }),
    defaultLogLevel: "INFO",
  });
}
