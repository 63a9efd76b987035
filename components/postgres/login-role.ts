import * as postgresql from "@pulumi/postgresql";
import type * as pulumi from "@pulumi/pulumi";
import type { RoleLimits } from "../core/handles.ts";

export interface LoginRoleArgs extends RoleLimits {
  readonly name: pulumi.Input<string>;
  readonly password: pulumi.Output<string>;
  /** Roles whose privileges it has as well. None unless given. */
  readonly memberOf?: readonly string[];
}

/** A role that logs in, within its limits. */
export class LoginRole extends postgresql.Role {
  public constructor(name: string, args: LoginRoleArgs, opts: pulumi.CustomResourceOptions) {
    super(
      name,
      {
        name: args.name,
        login: true,
        password: args.password,
        ...(args.connectionLimit === undefined ? {} : { connectionLimit: args.connectionLimit }),
        ...(args.idleInTransactionSeconds === undefined
          ? {}
          : { idleInTransactionSessionTimeout: args.idleInTransactionSeconds * 1000 }),
        ...(args.memberOf === undefined ? {} : { roles: [...args.memberOf] }),
      },
      opts,
    );
  }
}
