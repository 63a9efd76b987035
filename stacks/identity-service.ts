import * as pulumi from "@pulumi/pulumi";
import type {
  Gateway,
  IdentityService,
  MetricsDiscovery,
  NetworkHandle,
} from "../components/core/handles.ts";
import { renderKeySet } from "../components/identity/identity.config.ts";
import { Identity } from "../components/identity/identity.ts";
import { LIMITS } from "./catalog/platform-limits.ts";
import type { PlatformConfig } from "./config/schema.ts";
import { IDENTITY_PREFIX, keySecret, OWN_ADDRESS, USERS_SECRET } from "./identity.ts";
import { platformImage } from "./images.ts";

export interface IdentitySurroundings {
  readonly network: NetworkHandle;
  readonly gateway: Gateway;
  readonly metrics: MetricsDiscovery;
}

/** The platform's own identity service. */
export function createIdentity(
  config: PlatformConfig,
  surroundings: IdentitySurroundings,
  opts: pulumi.ComponentResourceOptions,
): Identity {
  const { image, keys, access, tokenLifetimeSeconds } = config.identity;
  const users = config.secrets[USERS_SECRET];
  return new Identity(
    "identity",
    {
      containerName: "storytelling-identity",
      volumeName: "storytelling-identity-data",
      baseImage: platformImage(config, "debian"),
      ...(image === undefined ? {} : { image }),
      ...surroundings,
      limits: LIMITS.identity,
      routePrefix: IDENTITY_PREFIX,
      keys,
      givenKeys: Object.fromEntries(givenKeys(config).map(({ id, secret }) => [id, pulumi.secret(secret)])),
      ...(users === undefined ? {} : { users: pulumi.secret(users) }),
      access,
      tokenLifetimeSeconds,
      logLevel: config.logLevel,
    },
    opts,
  );
}

/** An identity service that somebody else runs. Its keys are those that the configuration gives. */
export function foreignIdentity(config: PlatformConfig): IdentityService {
  const keys = givenKeys(config);
  const [signing] = keys;
  return {
    url: config.identity.address ?? OWN_ADDRESS,
    ...(signing === undefined
      ? {}
      : { keys: { signing: pulumi.secret(signing.secret), all: pulumi.secret(renderKeySet(keys)) } }),
    ready: [],
  };
}

function givenKeys({ identity, secrets }: PlatformConfig) {
  return identity.keys.flatMap((id) => {
    const secret = secrets[keySecret(id)];
    return secret === undefined ? [] : [{ id, secret }];
  });
}
