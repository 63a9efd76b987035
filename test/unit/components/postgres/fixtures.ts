import * as pulumi from "@pulumi/pulumi";
import { Network } from "../../../../components/network/network.ts";
import { Postgres } from "../../../../components/postgres/postgres.ts";
import { type MockOptions, type Recorder, startMocks } from "../../../support/mocks.ts";

export const ROLE = "postgresql:index/role:Role";
export const DATABASE = "postgresql:index/database:Database";
export const GRANT = "postgresql:index/grant:Grant";
export const DEFAULTS = "postgresql:index/defaultPrivileges:DefaultPrivileges";
export const CONTAINER = "docker:index/container:Container";
export const PASSWORD = "random:index/randomPassword:RandomPassword";

/** What a stage is to the server: a parent. */
export class Owner extends pulumi.ComponentResource {
  public constructor(name: string) {
    super("test:index:Owner", name);
  }
}

export interface Server {
  readonly recorder: Recorder;
  readonly postgres: Postgres;
}

export async function startServer(options?: MockOptions): Promise<Server> {
  const recorder = await startMocks(options);
  const postgres = new Postgres("postgres", {
    containerName: "storytelling-postgres",
    image: "postgres:17.6",
    network: new Network("shared", { networkName: "storytelling" }),
    limits: { cpus: 1, memory: "1 GB" },
    volumeName: "storytelling-postgres-data",
    adminUser: "storytelling_admin",
    maxConnections: 260,
    published: { host: 5432, address: "127.0.0.1" },
  });
  return { recorder, postgres };
}

/** Names of what is made in the server, in the order in which it is asked for. */
export async function orderInServer({ recorder }: Server): Promise<string[]> {
  return (await recorder.settled())
    .filter(({ type }) => type.startsWith("postgresql:"))
    .map(({ name }) => name);
}
