import type { Labels } from "../core/labels.ts";
import type { StageDefinition } from "./definition.ts";
import { publicationOf, subscriptionsOf } from "./events.ts";

/** Label by which a stage says which streams and groups have to be there, as JSON. */
export const EVENTS_LABEL = "storytelling.events";

/** The declaration of a stage for the container that keeps streams; nothing for a stage without events. */
export function eventLabels(stage: StageDefinition, peers: readonly StageDefinition[]): Labels {
  const publication = publicationOf(stage);
  const subscriptions = subscriptionsOf(stage, peers);
  if (publication === undefined && subscriptions.length === 0) return {};
  const { types: _types, ...stream } = publication ?? { types: [] };
  const declaration = {
    streams: publication === undefined ? [] : [stream],
    groups: subscriptions.map((each) => ({
      server: each.server,
      database: each.database,
      stream: each.stream,
      group: each.group,
      start: each.start,
    })),
  };
  return { [EVENTS_LABEL]: JSON.stringify(declaration) };
}
