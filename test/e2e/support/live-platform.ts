import { Checkout } from "./checkout.ts";
import { assertHostIsFree } from "./host.ts";

/** A platform that the scenarios of one file share: bringing it up and taking it off takes a minute. */
export class LivePlatform {
  #checkout: Checkout | undefined;
  #told = "";

  /** Brings it up on an empty host, after `prepare` has changed what it is made of. */
  public async start(prepare?: (checkout: Checkout) => Promise<unknown>): Promise<void> {
    await assertHostIsFree();
    this.#checkout = await Checkout.create();
    await prepare?.(this.#checkout);
    this.#told = await this.#checkout.succeed("up");
  }

  public get checkout(): Checkout {
    if (this.#checkout === undefined) throw new Error("the platform was not started");
    return this.#checkout;
  }

  /** What the first `up` told. */
  public get told(): string {
    return this.#told;
  }

  public async remove(): Promise<void> {
    await this.#checkout?.remove();
  }
}
