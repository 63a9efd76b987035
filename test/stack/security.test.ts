import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { ManagedContainerArgs } from "../../components/core/managed-container.ts";
import { declaredContainers, EVERYTHING } from "../../scripts/declared-containers.ts";
import { securityTable, withSecurityTable } from "../../scripts/security-table.ts";
import { hostName, ofType, runProgram } from "./program.ts";

const CONTAINER = "docker:index/container:Container";

/** What gives a container a right on the host or a namespace of it, in the provider's words. */
const RIGHTS_ON_THE_HOST = [
  "privileged",
  "networkMode",
  "pidMode",
  "ipcMode",
  "usernsMode",
  "cgroupnsMode",
  "devices",
  "deviceRequests",
  "deviceCgroupRules",
  "groupAdds",
  "sysctls",
  "mounts",
] as const;

interface Walls {
  readonly user?: string;
  readonly readOnly: boolean;
  readonly capabilities: { readonly drops: readonly string[]; readonly adds: readonly string[] };
  readonly securityOpts: readonly string[];
  readonly memory: number;
  readonly memorySwap: number;
  readonly cpus: string;
  readonly logDriver: string;
  readonly logOpts: Readonly<Record<string, string>>;
  readonly volumes: readonly { readonly hostPath?: string; readonly readOnly: boolean }[];
  readonly ports: readonly { readonly ip: string }[];
}

/** Each container of everything that the program can run: what it asks for, and what it says about it. */
let containers: { readonly name: string; readonly made: Walls; readonly said: ManagedContainerArgs }[];

beforeAll(async () => {
  const run = await runProgram({ config: EVERYTHING });
  const declared = new Map((await declaredContainers()).map((args) => [args.containerName, args]));
  containers = ofType(run, CONTAINER).map((resource) => {
    const said = declared.get(hostName(resource));
    if (said === undefined) throw new Error(`${hostName(resource)} is not among the declared containers`);
    return { name: hostName(resource), made: resource.inputs as unknown as Walls, said };
  });
}, 60_000);

/** Names of the containers for which this does not hold. */
function without(holds: (container: (typeof containers)[number]) => boolean): string[] {
  return containers.filter((container) => !holds(container)).map(({ name }) => name);
}

describe("every container of the program", () => {
  test("is looked at, those of stages and those that end, too", () => {
    expect(containers.length).toBeGreaterThan(40);
    expect(containers.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["storytelling-grafana", "storytelling-neo4j", "frontend-web"]),
    );
  });

  test("can gain no privileges", () => {
    expect(without(({ made }) => made.securityOpts.includes("no-new-privileges:true"))).toEqual([]);
  });

  test("has dropped all capabilities but those that it lists with a reason", () => {
    const isListed = ({ made, said }: (typeof containers)[number]) =>
      made.capabilities.drops.includes("ALL") &&
      made.capabilities.adds.every((added) =>
        said.capabilities?.some(({ name, reason }) => name === added && reason.length > 20),
      );

    expect(without(isListed)).toEqual([]);
  });

  test("has a read-only root, or says why not", () => {
    const isExplained = ({ made, said: { rootFilesystem: root } }: (typeof containers)[number]) =>
      made.readOnly || ("writable" in root && root.writable.length > 20);

    expect(without(isExplained)).toEqual([]);
  });

  test("is not root, or says why", () => {
    const isExplained = ({ made, said: { user } }: (typeof containers)[number]) =>
      "root" in user ? user.root.length > 20 : made.user !== undefined && !/^(root|0)(:|$)/.test(made.user);

    expect(without(isExplained)).toEqual([]);
  });

  test("has limits of memory and CPU, and swaps nothing", () => {
    const isLimited = ({ made }: (typeof containers)[number]) =>
      made.memory > 0 && made.memorySwap === made.memory && Number(made.cpus) > 0;

    expect(without(isLimited)).toEqual([]);
  });

  test("has a log that is rotated", () => {
    const isRotated = ({ made: { logDriver, logOpts } }: (typeof containers)[number]) =>
      logDriver === "json-file" && logOpts["max-size"] === "10m" && logOpts["max-file"] === "3";

    expect(without(isRotated)).toEqual([]);
  });

  test("shares no namespace and no device with the host, and is not privileged", () => {
    expect(without(({ made }) => RIGHTS_ON_THE_HOST.every((right) => !(right in made)))).toEqual([]);
  });

  test("sees nothing of the host's files but what it reads, and only the proxy sees the socket", () => {
    const mounts = containers.flatMap(({ name, made }) =>
      made.volumes.flatMap(({ hostPath, readOnly }) =>
        hostPath === undefined ? [] : [`${name}: ${hostPath}${readOnly ? "" : ", writable"}`],
      ),
    );

    expect(mounts.sort()).toEqual([
      "storytelling-docker-api: /var/run/docker.sock",
      "storytelling-telemetry: /proc",
      "storytelling-telemetry: /var/lib/docker/containers",
    ]);
  });

  test("publishes on 127.0.0.1 only, unless the configuration says otherwise", () => {
    expect(without(({ made }) => made.ports.every(({ ip }) => ip === "127.0.0.1"))).toEqual([]);
  });
});

test("the table in docs/security.md is what the program declares today; `npm run docs` writes it", () => {
  const committed = readFileSync(new URL("../../docs/security.md", import.meta.url), "utf8");
  const table = securityTable(containers.map(({ said }) => said));

  expect(committed).toBe(withSecurityTable(committed, table));
});

test("the table has no place in a document without its marks", () => {
  expect(() => withSecurityTable("# Security", "")).toThrow("no place for the table");
});
