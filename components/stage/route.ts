import type { RouteBehaviour } from "../core/http-route.ts";
import type { Duration } from "../core/units.ts";

/**
 * A path of the gateway that leads to the entry of a stage, and what the gateway does on the way (`docs/gateway.md`). A
 * stage has one under its name; more have a name of their own.
 */
export interface StageRoute extends RouteBehaviour {
  /** Path that is matched. `/api/v1/{name}` unless given (`000-071`), and `/api/v1/{name}/{route}` for a further one. */
  readonly prefix?: string;
  /** Host name that is matched. Any unless given (`004-038`). */
  readonly host?: string;
  /**
   * Whether the prefix is taken away before the request reaches the stage. It is unless given (`000-081`, `003-035`). A
   * further route below the main one does what that does, so that the stage sees the same path on both.
   */
  readonly stripPrefix?: boolean;
  /** 100 unless given (`000-076`), 1 for `/`. A further route has one more for each segment of its path. */
  readonly priority?: number;
  /** Path that the gateway's load balancer asks. `/health` unless given (`000-078`). */
  readonly healthPath?: string;
  /** How often it asks. 10s unless given (`000-079`). */
  readonly healthInterval?: Duration;
  /** How long it waits for the answer. 5s unless given (`000-080`). */
  readonly healthTimeout?: Duration;
}
