import type * as pulumi from "@pulumi/pulumi";
import type { ConfigFile } from "../core/config-file.ts";

/** Lists of users by name, in the form of `htpasswd`: a name and a hash on each line. Secret. */
export type UserLists = Readonly<Record<string, pulumi.Input<string>>>;

/** The middleware that asks for a user of a list. */
export function basicAuthName(list: string): string {
  return `basic-auth-${list}`;
}

/** A file and no text of the configuration, so that the hashes stand in no label and in nothing that the gateway shows. */
export function userFiles(lists: UserLists): readonly ConfigFile[] {
  return Object.entries(lists).map(([list, content]) => ({ path: userFilePath(list), content }));
}

/** The middlewares for these lists, by name. The service never sees the password. */
export function basicAuthMiddlewares(lists: readonly string[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    lists.map((list) => [
      basicAuthName(list),
      {
        basicAuth: {
          usersFile: userFilePath(list),
          realm: list,
          removeHeader: true,
        },
      },
    ]),
  );
}

function userFilePath(list: string): string {
  return `/etc/traefik/users/${list}`;
}
