import { type Size, toMegabytes } from "../core/units.ts";

export const BOLT_PORT = 7687;
export const HTTP_PORT = 7474;
export const USER = "neo4j";

/** Where the official images keep the graph. */
export const DATA_PATH = "/data";

/** The file with user and password that the image reads at its first start. */
export const AUTH_PATH = "/run/secrets/neo4j-auth";

/** Settings as the image takes them: `NEO4J_`, a dot as `_`, an underscore as `__`. */
export function renderNeo4jSettings(memory: Size): Readonly<Record<string, string>> {
  const megabytes = toMegabytes(memory);
  // The heap of queries, the cache of the graph's pages, and a quarter for the rest of the JVM.
  const heap = `${Math.floor(megabytes / 2)}m`;
  return {
    NEO4J_AUTH_PATH: AUTH_PATH,
    NEO4J_server_memory_heap_initial__size: heap,
    NEO4J_server_memory_heap_max__size: heap,
    NEO4J_server_memory_pagecache_size: `${Math.floor(megabytes / 4)}m`,
    // Nothing leaves the host.
    NEO4J_dbms_usage__report_enabled: "false",
  };
}
