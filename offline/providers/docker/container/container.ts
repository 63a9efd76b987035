import type Dockerode from "dockerode";
import type { Container } from "dockerode";
import { InitialisationError, messageOf } from "../../bridge/errors.ts";
import type { CreateRequest, Resource } from "../../bridge/resource.ts";
import { flagOf, numberOf, type PropertyMap, textOf } from "../../bridge/values.ts";
import type { DockerClient } from "../client.ts";
import { asking, daemonMessage, finding, isNotFound } from "../daemon-error.ts";
import { findOrPullImage } from "../image-store.ts";
import { createOptions, memoryLimitsOf } from "./create-options.ts";
import { waitUntilHealthy } from "./health-wait.ts";
import { connectNetworks } from "./networks.ts";
import { containerOutputs } from "./read-outputs.ts";
import { networkOutputs } from "./read-run-state.ts";
import { containerSchema } from "./schema.ts";
import { uploadFiles } from "./uploads.ts";

/** What `docker update` can change on a running container, and the official plugin does. */
const UPDATED_IN_PLACE = ["restart", "memory", "memorySwap", "memoryReservation"];

/**
 * `docker:index/container:Container`. Some properties are planned as an update and change nothing
 * (`healthcheck`, `init`, `tmpfs`); that is how the official plugin behaves, and programs are written for it.
 */
export const container: Resource<DockerClient> = {
  type: "docker:index/container:Container",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":1200000000000,"delete":1200000000000,"update":1200000000000},"schema_version":"2"}',
  deleteBeforeReplace: "always",
  schema: containerSchema,

  async create(client, request) {
    const docker = await client.daemon();
    const { planned } = request;
    const image = textOf(planned, "image");
    await asking(`Unable to create container with image ${image}`, () => findOrPullImage(docker, image));
    const created = await asking("Unable to create container", () =>
      docker.createContainer(createOptions(planned)),
    );
    await bringUp(docker, created, request);
    const info = await asking("error inspecting container state", () => created.inspect());
    return { id: info.Id, outputs: containerOutputs(info, planned) };
  },

  async read(client, id, outputs) {
    const docker = await client.daemon();
    const info = await finding("error inspecting container state", () => docker.getContainer(id).inspect());
    return info && { id: info.Id, outputs: containerOutputs(info, outputs) };
  },

  async update(client, { id, planned, changed }) {
    const docker = await client.daemon();
    const running = docker.getContainer(id);
    if (UPDATED_IN_PLACE.some((name) => changed.has(name))) {
      const limits = {
        RestartPolicy: { Name: textOf(planned, "restart"), MaximumRetryCount: 0 },
        ...memoryLimitsOf(planned),
      };
      await asking("Unable to update a container", () => running.update(limits));
    }
    if (changed.has("mustRun") && flagOf(planned, "mustRun")) return startAgain(running, planned);
    return planned;
  },

  async delete(client, { id, outputs }) {
    const docker = await client.daemon();
    const doomed = docker.getContainer(id);
    await ignoringGone(`Error stopping container ${id}`, () =>
      // Unset means 0 seconds: killed at once.
      doomed.stop({ t: numberOf(outputs, "destroyGraceSeconds") }),
    );
    await ignoringGone(`Error deleting container ${id}`, () =>
      doomed.remove({ v: flagOf(outputs, "removeVolumes"), force: true }),
    );
  },
};

/** From "created" to "running and healthy"; what fails on the way leaves the container where it is. */
async function bringUp(
  docker: Dockerode,
  created: Container,
  { planned, signal }: CreateRequest,
): Promise<void> {
  try {
    await connectNetworks(docker, created, planned);
    await uploadFiles(created, planned);
    if (!flagOf(planned, "start")) return;
    await asking("Unable to start container", () => created.start());
    if (flagOf(planned, "wait")) await waitUntilHealthy(created, numberOf(planned, "waitTimeout"), signal);
    // The exit code is not judged: it goes into the state, as upstream.
    if (flagOf(planned, "attach"))
      await asking("Unable to wait container end of execution", () => created.wait({ abortSignal: signal }));
  } catch (error) {
    throw new InitialisationError(messageOf(error), created.id, planned);
  }
}

/** Starts a stopped container without waiting for its health, as the official plugin does. */
async function startAgain(stopped: Container, planned: PropertyMap): Promise<PropertyMap> {
  const { State: state } = await asking("error inspecting container state", () => stopped.inspect());
  if (!state.Running) await asking("Unable to start container", () => stopped.start());
  const info = await asking("error inspecting container state", () => stopped.inspect());
  return { ...planned, exitCode: null, networkDatas: networkOutputs(info) };
}

async function ignoringGone(failure: string, call: () => Promise<unknown>): Promise<void> {
  try {
    await call();
  } catch (error) {
    const message = daemonMessage(error);
    const isStopped =
      typeof error === "object" && error !== null && "statusCode" in error && error.statusCode === 304;
    if (isNotFound(error) || isStopped || message.includes("is already in progress")) return;
    throw new Error(`${failure}: ${message}`, { cause: error });
  }
}
