import type * as pulumi from "@pulumi/pulumi";
import type { NetworkHandle, RedisLogin, RedisUserRequest } from "../core/handles.ts";
import type { ResourceLimits } from "../core/managed-container.ts";
import { OneShot } from "../core/one-shot.ts";
import { CREATE_USER_SCRIPT } from "./redis.config.ts";

export interface RedisUserArgs extends RedisUserRequest {
  readonly host: string;
  readonly image: pulumi.Input<string>;
  readonly network: NetworkHandle;
  readonly administrator: RedisLogin;
  /** The server. */
  readonly ready: readonly pulumi.Resource[];
}

const LIMITS: ResourceLimits = { cpus: 0.25, memory: "64 MB" };

/** Makes or changes one user of a running server, in a container of its own that ends: the server is not restarted. */
export class RedisUser extends OneShot {
  public constructor(name: string, args: RedisUserArgs, opts: pulumi.CustomResourceOptions) {
    const { login, rules, administrator, network } = args;
    super(
      name,
      {
        containerName: args.containerName,
        image: args.image,
        networks: [{ name: network.name }],
        labels: args.labels,
        user: { name: "redis" },
        rootFilesystem: { readOnly: true },
        // `reset` first, so that a rule that was taken away is gone.
        command: ["sh", "-c", CREATE_USER_SCRIPT, "create-user", login.user, "reset", "on", ...rules],
        environment: {
          REDIS_HOST: args.host,
          REDISCLI_AUTH: administrator.password,
          NEW_USER_PASSWORD: login.password,
        },
        limits: LIMITS,
      },
      { ...opts, dependsOn: [...network.ready, ...args.ready] },
    );
  }
}
