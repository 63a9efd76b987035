/** Every image that the platform runs, with its exact version. Another one is chosen by the key `images`. */
export const IMAGES = {
  /** Base of the images that are built here, the reference stage among them. */
  debian: "debian:trixie-slim",
  haproxy: "haproxy:3.0.11",
  redis: "redis:8.0.2",
  postgres: "postgres:17.6",
  traefik: "traefik:v3.6.12",
  prometheus: "prom/prometheus:v3.13.4",
  loki: "grafana/loki:3.7.8",
  tempo: "grafana/tempo:2.9.0",
  telemetry: "otel/opentelemetry-collector-contrib:0.149.0",
  grafana: "grafana/grafana:13.2.0",
  elasticsearch: "elasticsearch:8.19.15",
  neo4j: "neo4j:5.26.21-community",
} as const;

export type ImageName = keyof typeof IMAGES;
