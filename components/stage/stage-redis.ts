import type * as pulumi from "@pulumi/pulumi";
import { generateReplaceablePassword } from "../core/generated-password.ts";
import type { RedisAccount, RedisLogin, RedisServer, SharedRedisServer } from "../core/handles.ts";
import type { StageDefinition } from "./definition.ts";
import type { StageConnections } from "./environment/connections.ts";
import { redisUser, redisUserContainerName, stageProject, usesStore } from "./names.ts";
import { redisRules } from "./redis-access.ts";

export interface StageRedisArgs {
  readonly definition: StageDefinition;
  readonly peers: readonly StageDefinition[];
  /** Whether the stage's containers run: its users are made for them. */
  readonly enabled: boolean;
  readonly platform: Readonly<Record<ServerName, SharedRedisServer>>;
}

/** The Redis servers as the stage sees them. */
export interface StageRedis {
  readonly connections: Pick<StageConnections, ServerName>;
  /** What the stage's containers wait for. */
  readonly ready: readonly pulumi.Input<pulumi.Resource>[];
}

type ServerName = "broker" | "cache";

/** The stage's user on both servers, with one password. The servers as they are where they ask for none. */
export function createStageRedis(name: string, args: StageRedisArgs, parent: pulumi.Resource): StageRedis {
  const { definition, enabled, platform } = args;
  const { broker, cache } = platform;
  const takesRedis = usesStore(definition, "redis");
  const ready = takesRedis ? [...broker.ready, ...cache.ready] : [];
  if (!takesRedis || !enabled || broker.login === undefined) {
    return { connections: { broker: withoutLogin(broker), cache: withoutLogin(cache) }, ready };
  }
  const login = {
    user: redisUser(definition),
    password: generateReplaceablePassword(`${name}-redis-password`, parent),
  };
  const onBroker = createUser(name, "broker", login, args, parent);
  const onCache = createUser(name, "cache", login, args, parent);
  return {
    connections: {
      broker: onBroker?.server ?? withoutLogin(broker),
      cache: onCache?.server ?? withoutLogin(cache),
    },
    ready: [...ready, ...[onBroker, onCache].flatMap((account) => account?.created ?? [])],
  };
}

/** The platform's own login is the administrator's, which no stage is given. */
function withoutLogin({ host, port, databases, ready }: SharedRedisServer): RedisServer {
  return { host, port, databases, ready };
}

function createUser(
  name: string,
  server: ServerName,
  login: RedisLogin,
  { definition, peers, platform }: StageRedisArgs,
  parent: pulumi.Resource,
): RedisAccount | undefined {
  return platform[server].createUser?.(
    `${name}-redis-user-${server}`,
    {
      login,
      rules: redisRules(definition, peers, server),
      containerName: redisUserContainerName(definition, server),
      labels: {
        stage: String(definition.number),
        service: `redis-user-${server}`,
        "com.docker.compose.project": stageProject(definition),
      },
    },
    parent,
  );
}
