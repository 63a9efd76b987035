import * as pulumi from "@pulumi/pulumi";
import type { RedisServer } from "./handles.ts";

/** The address of a server or of one of its databases, secret where it carries a password. */
export function redisUrl({ host, port, login }: RedisServer, database?: number): pulumi.Input<string> {
  const address = `${host}:${port}${database === undefined ? "" : `/${database}`}`;
  if (login === undefined) return `redis://${address}`;
  const password = login.password.apply(encodeURIComponent);
  return pulumi.interpolate`redis://${encodeURIComponent(login.user)}:${password}@${address}`;
}
