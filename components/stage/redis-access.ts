import type { StageDefinition } from "./definition.ts";
import { type EventStream, publicationOf, subscriptionsOf } from "./events.ts";
import { brokerDatabase, stageProject } from "./names.ts";

/**
 * Everything but administration and what reaches beyond the stage's own keys. Of what Redis calls dangerous, INFO stays:
 * health checks ask it.
 */
const COMMANDS = [
  "+@all",
  "-@admin",
  "-@dangerous",
  "-acl",
  "-function",
  "-script|flush",
  "-script|kill",
  "+info",
] as const;

/** What a consumer does with the stream of another stage: it adds nothing and deletes nothing. */
const CONSUMER_COMMANDS = [
  "xread",
  "xreadgroup",
  "xack",
  "xclaim",
  "xautoclaim",
  "xpending",
  "xrange",
  "xrevrange",
  "xlen",
  "xinfo",
  "exists",
  "type",
  "ttl",
  "xgroup|create",
  "xgroup|createconsumer",
  "xgroup|delconsumer",
].map((command) => `+${command}`);

/** Rules of the stage's user on one server, in the words of `ACL SETUSER`. Redis limits no user to a database. */
export function redisRules(
  stage: StageDefinition,
  peers: readonly StageDefinition[],
  server: EventStream["server"],
): string[] {
  const own = [...ownKeys(stage), ...ownStreams(stage, peers, server)];
  const celery = server === "broker" ? celeryQueueKeys(stage) : ["celery-task*"];
  const channels = server === "broker" ? celeryChannels(stage) : ["celery-task*"];
  const foreign = subscriptionsOf(stage, peers).filter((each) => each.server === server);
  return [
    ...COMMANDS,
    ...[...new Set([...own, ...celery])].map((pattern) => `~${pattern}`),
    ...[...new Set([...own, ...channels])].map((pattern) => `&${pattern}`),
    ...(foreign.length === 0 ? [] : [selector(foreign.map(({ stream }) => stream))]),
  ];
}

/** By the naming rules of the sources; `test_key` is the key of their connectivity test (`000-138`). */
function ownKeys(stage: StageDefinition): string[] {
  const prefixes = [`stage${stage.number}`, stage.name, stageProject(stage)];
  return [...prefixes.map((prefix) => `${prefix}:*`), "test_key", ...(stage.redisKeys ?? [])];
}

/** Streams that the stage writes, wherever its definition puts them. */
function ownStreams(
  stage: StageDefinition,
  peers: readonly StageDefinition[],
  server: EventStream["server"],
): string[] {
  const publication = publicationOf(stage);
  const failed = subscriptionsOf(stage, peers).filter((each) => each.server === server);
  return [
    ...(publication?.server === server ? [publication.stream] : []),
    ...failed.map(({ deadLetterStream }) => deadLetterStream),
  ];
}

/** The keys of Celery's transport; a queue's priorities are lists of their own, two separators and a digit behind it. */
function celeryQueueKeys(stage: StageDefinition): string[] {
  const queues = Object.values(stage.services).flatMap((service) => service.queues ?? []);
  return [
    ...["celery", ...queues].flatMap((queue) => [queue, `${queue}??[0-9]`]),
    "_kombu*",
    "unacked*",
    "*.pidbox*",
    "celeryev*",
  ];
}

/** Celery broadcasts in channels named after the database. Redis compares a subscribed pattern letter by letter. */
function celeryChannels(stage: StageDefinition): string[] {
  const prefix = `/${brokerDatabase(stage)}.`;
  return ["celery.pidbox", "celeryev/*", "celeryev/worker.*"].map((channel) => prefix + channel);
}

function selector(streams: readonly string[]): string {
  return `(${[...CONSUMER_COMMANDS, ...new Set(streams.map((stream) => `~${stream}`))].join(" ")})`;
}
