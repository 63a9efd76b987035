import type { ImageInspectInfo } from "dockerode";
import type { Resource } from "../bridge/resource.ts";
import {
  block,
  boolean,
  type Field,
  integer,
  list,
  output,
  type Schema,
  set,
  string,
  textMap,
} from "../bridge/schema.ts";
import { flagOf, isMap, type PropertyMap, textOf } from "../bridge/values.ts";
import type { DockerClient } from "./client.ts";
import { asking } from "./daemon-error.ts";
import { buildImage } from "./image-build.ts";
import { findOrPullImage, localImage, repoDigestOf } from "./image-store.ts";

/** A build option of the official plugin that this one does not offer, but the state names. */
const unoffered = (field: Field): Field => ({ ...field, outputOnly: true, forceNew: true });

const buildFields: Schema = {
  context: string({ required: true, forceNew: true }),
  dockerfile: string({ default: "Dockerfile", forceNew: true }),
  target: string({ forceNew: true }),
  buildArgs: textMap({ forceNew: true }),
  labels: textMap({ forceNew: true }),
  remove: boolean({ default: true, forceNew: true }),
  label: { ...unoffered(textMap()), forceNew: false },
  additionalContexts: unoffered(list(string())),
  authConfigs: unoffered(list(string())),
  buildId: unoffered(string()),
  buildLogFile: unoffered(string()),
  builder: unoffered(string()),
  cacheFroms: unoffered(list(string())),
  cacheTos: unoffered(list(string())),
  cgroupParent: unoffered(string()),
  cpuPeriod: unoffered(integer()),
  cpuQuota: unoffered(integer()),
  cpuSetCpus: unoffered(string()),
  cpuSetMems: unoffered(string()),
  cpuShares: unoffered(integer()),
  extraHosts: unoffered(list(string())),
  forceRemove: unoffered(boolean()),
  isolation: unoffered(string()),
  memory: unoffered(integer()),
  memorySwap: unoffered(integer()),
  networkMode: unoffered(string()),
  noCache: unoffered(boolean()),
  platform: unoffered(string()),
  provenance: unoffered(string()),
  pullParent: unoffered(boolean()),
  remoteContext: unoffered(string()),
  sbom: unoffered(string()),
  secrets: unoffered(list(string())),
  securityOpts: unoffered(list(string())),
  sessionId: unoffered(string()),
  shmSize: unoffered(integer()),
  squash: unoffered(boolean()),
  suppressOutput: unoffered(boolean()),
  tags: unoffered(list(string())),
  ulimits: unoffered(list(string())),
  useLegacyBuilder: unoffered(boolean({ default: false })),
  version: unoffered(string()),
};

/** `docker:index/remoteImage:RemoteImage`: an image that is on the daemon, is pulled, or is built. */
export const remoteImage: Resource<DockerClient> = {
  type: "docker:index/remoteImage:RemoteImage",
  meta: '{"e2bfb730-ecaa-11e6-8f88-34363bc7c4c0":{"create":1200000000000,"delete":1200000000000,"update":1200000000000}}',
  deleteBeforeReplace: "never",
  schema: {
    name: string({ required: true, forceNew: true }),
    build: block(buildFields, { identity: "set", conflictsWith: { pullTriggers: "pull_triggers" } }),
    triggers: textMap({ forceNew: true }),
    pullTriggers: set(string(), { forceNew: true }),
    keepLocally: boolean(),
    forceRemove: boolean(),
    imageId: output(),
    platform: output(),
    repoDigest: output(),
  },

  async create(client, { planned }) {
    const docker = await client.daemon();
    const name = textOf(planned, "name");
    const build = planned["build"];
    if (isMap(build)) await buildImage(docker, name, build);
    const info = await asking("Unable to read Docker image into resource", () =>
      findOrPullImage(docker, name),
    );
    return snapshot(info, planned);
  },

  async read(client, _id, outputs) {
    const docker = await client.daemon();
    const info = await localImage(docker, textOf(outputs, "name"));
    return info && snapshot(info, outputs);
  },

  async update(client, { planned }) {
    const docker = await client.daemon();
    const info = await asking("Unable to read Docker image into resource", () =>
      findOrPullImage(docker, textOf(planned, "name")),
    );
    return snapshot(info, planned).outputs;
  },

  async delete(client, { outputs }) {
    if (flagOf(outputs, "keepLocally")) return;
    const docker = await client.daemon();
    const name = textOf(outputs, "name");
    if (!(await localImage(docker, name))) return;
    await asking("Unable to remove Docker image", () =>
      docker.getImage(name).remove({ force: flagOf(outputs, "forceRemove") }),
    );
  },
};

/** The id is the image's id with the name behind it, so that two names of one image are two resources. */
function snapshot(info: ImageInspectInfo, known: PropertyMap) {
  const name = textOf(known, "name");
  return {
    id: info.Id + name,
    outputs: { ...known, imageId: info.Id, repoDigest: repoDigestOf(info, name), id: info.Id + name },
  };
}
