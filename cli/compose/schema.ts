import { z } from "zod";
import { command, duration, fileMount, labels, mount, named, size, text, texts, variables } from "./forms.ts";
import { EXTENSION } from "./project.ts";

const healthcheck = z.looseObject({
  test: z.union([z.array(z.string()), z.string().transform((line) => ["CMD-SHELL", line])]).optional(),
  interval: duration.optional(),
  timeout: duration.optional(),
  retries: z.coerce.number().optional(),
  start_period: duration.optional(),
  disable: z.boolean().optional(),
});

/** `4.0` is `4`; a text with a variable stays as it is. */
const cpus = text.transform((value) => (Number.isNaN(Number(value)) ? value : String(Number(value))));

const amount = z.looseObject({ cpus: cpus.optional(), memory: size.optional() });

const device = z.looseObject({
  count: z.union([z.number(), z.literal("all")]).optional(),
  device_ids: z.array(text).optional(),
  capabilities: z.array(z.string()).default([]),
});

const deploy = z.looseObject({
  replicas: z.number().optional(),
  resources: z
    .looseObject({
      limits: amount.optional(),
      reservations: amount.extend({ devices: z.array(device).optional() }).optional(),
    })
    .optional(),
});

/** Limits have an older spelling on the service itself. */
const olderLimits = { cpus: cpus.optional(), mem_limit: size.optional(), mem_reservation: size.optional() };

/** `host:container`; the long form says the same in words. */
const port = z.union([
  text,
  z
    .looseObject({ target: text, published: text.optional() })
    .transform(({ target, published }) => (published === undefined ? target : `${published}:${target}`)),
]);

const service = z
  .looseObject({
    extends: z
      .union([z.string().transform((name) => ({ service: name })), z.looseObject({ service: z.string() })])
      .optional(),
    container_name: z.string().optional(),
    hostname: z.string().optional(),
    image: z.string().optional(),
    build: z
      .union([
        z.string().transform((context) => ({ context })),
        z.looseObject({ context: z.string().default("."), args: variables.optional() }),
      ])
      .optional(),
    entrypoint: command.optional(),
    command: command.optional(),
    user: text.optional(),
    read_only: z.boolean().optional(),
    tmpfs: texts.optional(),
    working_dir: z.string().optional(),
    init: z.boolean().optional(),
    restart: z.string().optional(),
    stop_grace_period: duration.optional(),
    depends_on: named(z.looseObject({ condition: z.string().default("service_started") }), {
      condition: "service_started",
    }).optional(),
    environment: variables.optional(),
    secrets: z.array(fileMount("/run/secrets/")).optional(),
    configs: z.array(fileMount("/")).optional(),
    volumes: z.array(mount).optional(),
    networks: named(z.looseObject({ aliases: z.array(z.string()).optional() }), {}).optional(),
    healthcheck: healthcheck.optional(),
    deploy: deploy.optional(),
    memswap_limit: size.optional(),
    shm_size: size.optional(),
    labels: labels.optional(),
    profiles: z.array(z.string()).optional(),
    expose: texts.optional(),
    ports: z.array(port).optional(),
    [EXTENSION]: z.looseObject({}).optional(),
    ...olderLimits,
  })
  .transform(({ cpus, mem_limit, mem_reservation, ...rest }) =>
    cpus === undefined && mem_limit === undefined && mem_reservation === undefined
      ? rest
      : { ...rest, deploy: withOlderLimits(rest.deploy, cpus, mem_limit, mem_reservation) },
  );

function withOlderLimits(
  given: z.output<typeof deploy> | undefined,
  cpus: string | undefined,
  memory: string | undefined,
  reserved: string | undefined,
) {
  const { limits, reservations, ...others } = given?.resources ?? {};
  return {
    ...given,
    resources: {
      ...others,
      limits: {
        ...(cpus === undefined ? {} : { cpus }),
        ...(memory === undefined ? {} : { memory }),
        ...limits,
      },
      reservations: { ...(reserved === undefined ? {} : { memory: reserved }), ...reservations },
    },
  };
}

const resource = z.looseObject({ name: z.string().optional(), external: z.boolean().optional() }).nullable();

/** A compose file as far as a stage can have it; a key that is not here is kept as it is. */
export const composeSchema = z.looseObject({
  name: z.string().optional(),
  services: z.record(z.string(), service),
  networks: z.record(z.string(), resource).optional(),
  volumes: z.record(z.string(), resource).optional(),
  configs: z.record(z.string(), z.looseObject({ content: z.string().optional() })).optional(),
  secrets: z.record(z.string(), z.looseObject({ environment: z.string().optional() })).optional(),
  [EXTENSION]: z.looseObject({}).optional(),
});
