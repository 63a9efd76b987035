import type { Hardening } from "../../components/core/hardening.ts";

/** For a container of a test to which none of this matters. */
export const NOT_HARDENED = {
  user: { ofImage: "a test" },
  rootFilesystem: { writable: "a test" },
} as const satisfies Hardening;
