import { statSync } from "node:fs";
import type { Problem } from "../../components/core/errors.ts";
import type { StageDefinition, StoreName } from "../../components/stage/definition.ts";
import { connectionTotal, usesStore } from "../../components/stage/names.ts";
import type { PlatformConfig } from "../config/schema.ts";

/** Connections that are nobody's pool: the administrator, the program, a person with psql. */
const SPARE_CONNECTIONS = 20;

export interface StageDataPlan {
  readonly config: PlatformConfig;
  /** Every stage that is named, running or not. */
  readonly stages: readonly StageDefinition[];
  /** Those whose containers run. */
  readonly running: readonly StageDefinition[];
}

/** Contradictions between what stages ask of the stores and what there is. */
export function stageDataProblems(plan: StageDataPlan): Problem[] {
  return [
    ...plan.stages.flatMap((stage) => readProblems(stage, plan.stages)),
    ...plan.stages.flatMap(initSqlProblems),
    ...connectionProblems(plan),
    ...(plan.config.mode === "standalone"
      ? []
      : plan.running.flatMap((stage) => storeProblems(stage, plan.config))),
  ];
}

/** A stage reads what is there: a source may be switched off, but it must be named. */
function readProblems(stage: StageDefinition, stages: readonly StageDefinition[]): Problem[] {
  return (stage.reads?.databases ?? []).flatMap((name) => {
    const key = `stages.${stage.name}.reads.databases`;
    const source = stages.find((other) => other.name === name);
    if (source === undefined) {
      return [
        {
          key,
          reason: `got "${name}", which this deployment does not name; name it under stages, with enabled: false if it is not to run, or take it out`,
        },
      ];
    }
    if (usesStore(source, "postgres")) return [];
    return [{ key, reason: `got "${name}", which has no database; take it out` }];
  });
}

function initSqlProblems(stage: StageDefinition): Problem[] {
  return (stage.database?.initSql ?? [])
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile() !== true)
    .map((file) => ({
      key: `stages.${stage.name}.database.initSql`,
      reason: `got "${file}", which is no file of the project; give its path from the project's folder`,
    }));
}

function connectionProblems({ stages, config }: StageDataPlan): Problem[] {
  const wanted = stages.reduce((sum, stage) => sum + connectionTotal(stage), SPARE_CONNECTIONS);
  const { maxConnections } = config.postgres;
  if (wanted <= maxConnections) return [];
  return [
    {
      key: "postgres.maxConnections",
      reason: `got ${maxConnections}, the roles of all stages may open ${wanted} with ${SPARE_CONNECTIONS} spare; raise it to at least that, or lower database.connectionLimit of a stage`,
    },
  ];
}

const OPTIONAL_STORES = ["elasticsearch", "neo4j"] as const satisfies readonly StoreName[];

function storeProblems(stage: StageDefinition, config: PlatformConfig): Problem[] {
  return OPTIONAL_STORES.filter((store) => usesStore(stage, store) && !config[store].enabled).map(
    (store) => ({
      key: `stages.${stage.name}.stores`,
      reason: `got "${store}", which is off; set ${store}.enabled to true, or take it out of the stage's stores`,
    }),
  );
}
