import { type Size, toMegabytes } from "../core/units.ts";

export const PORT = 9200;
export const USER = "elastic";

/** Where the official images keep the index. */
export const DATA_PATH = "/usr/share/elasticsearch/data";

/** Settings of one node that is a whole cluster, as the image takes them: variables with the settings' own names. */
export function renderElasticsearchSettings(memory: Size): Readonly<Record<string, string>> {
  // Half for the heap is Elastic's advice; the rest caches the files of the index.
  const heap = `${Math.floor(toMegabytes(memory) / 2)}m`;
  return {
    "cluster.name": "storytelling",
    "discovery.type": "single-node",
    ES_JAVA_OPTS: `-Xms${heap} -Xmx${heap}`,
    "xpack.security.enabled": "true",
    // Without encryption, like every other store on the platform's network (`000-030`).
    "xpack.security.http.ssl.enabled": "false",
    // Mapped files need a kernel setting of the host that no container can make.
    "node.store.allow_mmap": "false",
    // Nothing leaves the host, and a start needs nothing from outside.
    "ingest.geoip.downloader.enabled": "false",
    "xpack.ml.enabled": "false",
  };
}
