import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe } from "vitest";
import { rotation } from "./scenarios/rotation.ts";
import { secrecy } from "./scenarios/secrecy.ts";
import { walls } from "./scenarios/walls.ts";
import { LivePlatform } from "./support/live-platform.ts";

/** Made here and now: this file is a part of the working tree that is searched. */
const GIVEN = randomUUID();

/** A platform whose Redis servers ask for a password, and with a database password that was given. */
const platform = new LivePlatform();

beforeAll(() =>
  platform.start(async (checkout) => {
    await checkout.configure("config:\n", "config:\n  storytelling:redisAuthentication: true\n");
    await checkout.succeedWith(GIVEN, "secret", "STAGE2_POSTGRES_PASSWORD");
  }),
);
afterAll(() => platform.remove());

describe("no generated and no given secret is in plain text", () => {
  secrecy(platform, GIVEN);
});
describe("from inside a stage", () => {
  walls();
});
// The last one changes the passwords, and takes the containers off.
describe("rotation", () => {
  rotation(platform);
});
