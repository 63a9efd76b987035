import type Docker from "dockerode";
import { assertNoProblems } from "../../components/core/errors.ts";
import { attachedStages } from "../../stacks/attached-stages.ts";
import type { PlatformConfig } from "../../stacks/config/schema.ts";
import { platformServices, platformUrls, stageServices, standaloneServices } from "../../stacks/outputs.ts";
import type { ContainerFacts, Inventory } from "../docker/inventory.ts";
import { toFacts } from "../docker/inventory.ts";
import { isOwnedBy, type Owner } from "../docker/ownership.ts";
import { setAside } from "../heal/strangers.ts";
import { confirm, isInteractive } from "../ui/ask.ts";

/**
 * Containers of somebody else that hold a name of the platform. They are never touched without being asked for:
 * a person is asked, a script says `--set-aside`, and everybody else gets an error that names them.
 */
export async function assertNamesFree(
  docker: Docker,
  config: PlatformConfig,
  inventory: Inventory,
  owner: Owner,
  allowed: boolean,
): Promise<void> {
  const strangers = await findStrangers(docker, config, inventory, owner);
  if (strangers.length === 0) return;
  const names = strangers.map(({ name }) => name).join(", ");
  if (
    allowed ||
    (isInteractive() && (await confirm(`${names} was not made by this stack. Stop and rename it?`)))
  ) {
    for (const stranger of strangers) await setAside(docker, stranger);
    return;
  }
  assertNoProblems(
    "Containers of somebody else hold names of the platform; nothing was changed:",
    strangers.map(({ name, image, created }) => ({
      key: name,
      reason:
        `runs ${image} since ${created} and carries no label of this stack: rename it (\`docker rename ${name} <other name>\`), ` +
        "remove it, or have it stopped and renamed: `npm run up -- --set-aside`",
    })),
  );
}

async function findStrangers(
  docker: Docker,
  config: PlatformConfig,
  inventory: Inventory,
  owner: Owner,
): Promise<ContainerFacts[]> {
  const reserved = reservedNames(config);
  const known = new Set(inventory.containers.map(({ id }) => id));
  const all = await docker.listContainers({ all: true });
  const strangers = all.filter(
    ({ Id, Names, Labels }) =>
      !(known.has(Id) || isOwnedBy(owner, Labels)) && Names.some((name) => reserved.has(name.slice(1))),
  );
  return Promise.all(strangers.map(async ({ Id }) => toFacts(await docker.getContainer(Id).inspect())));
}

/** Every name that the program gives to a container. */
function reservedNames(config: PlatformConfig): ReadonlySet<string> {
  const { gateway } = platformUrls(config);
  const stages = attachedStages(config);
  const own =
    config.mode === "standalone"
      ? stages.flatMap(({ definition }) => standaloneServices(definition))
      : platformServices(config);
  const services = [
    ...own,
    ...stages
      .filter(({ enabled }) => enabled)
      .flatMap(({ definition }) => stageServices(definition, gateway)),
  ];
  return new Set(services.map(({ container }) => container));
}
