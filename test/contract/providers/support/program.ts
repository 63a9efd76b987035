// The Pulumi program of the deployment test: one resource of each type, all inputs from a file beside it.
import { readFileSync } from "node:fs";
import * as docker from "@pulumi/docker";
import * as postgresql from "@pulumi/postgresql";
import * as random from "@pulumi/random";

/** What `inputs.json` beside the program holds, by logical name. */
export interface ProgramInputs {
  readonly connection: postgresql.ProviderArgs;
  readonly network: docker.NetworkArgs;
  readonly volume: docker.VolumeArgs;
  readonly image: docker.RemoteImageArgs;
  readonly password: random.RandomPasswordArgs;
  readonly id: random.RandomIdArgs;
  readonly container: docker.ContainerArgs;
  readonly pg: docker.ContainerArgs;
  readonly role: postgresql.RoleArgs;
  readonly reader: postgresql.RoleArgs;
  readonly database: postgresql.DatabaseArgs;
  readonly schema: postgresql.SchemaArgs;
  readonly grant: postgresql.GrantArgs;
  readonly defaultPrivileges: postgresql.DefaultPrivilegesArgs;
  readonly extension: postgresql.ExtensionArgs;
  /** Present in the tests of what goes wrong. */
  readonly extra?: docker.ContainerArgs;
}

const inputs = JSON.parse(readFileSync("inputs.json", "utf8")) as ProgramInputs;

const network = new docker.Network("network", inputs.network);
const volume = new docker.Volume("volume", inputs.volume);
new docker.RemoteImage("image", inputs.image);
new random.RandomPassword("password", inputs.password);
new random.RandomId("id", inputs.id);
new docker.Container("container", inputs.container, { dependsOn: [network, volume] });
const server = new docker.Container("pg", inputs.pg);

const provider = new postgresql.Provider("connection", inputs.connection);
const role = new postgresql.Role("role", inputs.role, { provider, dependsOn: [server] });
const reader = new postgresql.Role("reader", inputs.reader, { provider, dependsOn: [server] });
const database = new postgresql.Database("database", inputs.database, { provider, dependsOn: [role] });
const schema = new postgresql.Schema("schema", inputs.schema, { provider, dependsOn: [database] });
new postgresql.Grant("grant", inputs.grant, { provider, dependsOn: [database] });
new postgresql.Extension("extension", inputs.extension, { provider, dependsOn: [database] });
new postgresql.DefaultPrivileges("defaultPrivileges", inputs.defaultPrivileges, {
  provider,
  dependsOn: [schema, reader],
});

if (inputs.extra) new docker.Container("extra", inputs.extra);
