import * as pulumi from "@pulumi/pulumi";
import { UserError } from "./errors.ts";
import { noProbe } from "./health.ts";
import { ManagedContainer, type ManagedContainerArgs } from "./managed-container.ts";

/** A container that does its work and ends, without a probe: while it runs it is not done. */
export type OneShotArgs = Omit<ManagedContainerArgs, "health" | "restart" | "runsToEnd">;

/**
 * A container that runs to its end while the deployment waits, and once only: it runs again when it is made again.
 * The provider takes any exit code for success, so whoever needs what it did waits for `succeeded`.
 */
export class OneShot extends ManagedContainer {
  /**
   * The container, once it ended with 0. Ends the program with a UserError after another exit code. In a preview, which
   * runs nothing, the container as soon as it is declared.
   */
  public readonly succeeded: Promise<pulumi.Resource>;

  public constructor(name: string, args: OneShotArgs, opts?: pulumi.CustomResourceOptions) {
    super(name, { ...args, health: noProbe("it ends when it is done"), runsToEnd: true }, opts);
    // A promise and no output: the exit code is unknown in a preview, and what waits for it would be, too.
    this.succeeded = new Promise((resolve) => {
      if (pulumi.runtime.isDryRun()) this.urn.apply(() => resolve(this));
      else this.exitCode.apply((code) => resolve(afterSuccess(this, args.containerName, code)));
    });
  }
}

function afterSuccess(container: OneShot, name: string, exitCode: number): OneShot {
  if (exitCode === 0) return container;
  throw new UserError(
    `container ${name} ended with exit code ${exitCode}, and what waits for it was not started. ` +
      `Its last lines tell why: \`docker logs ${name}\`. Correct it and run this again.`,
  );
}
