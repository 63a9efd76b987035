import type Docker from "dockerode";

const EVERY_MILLISECONDS = 5000;

/** Memory of a container over time, without the pages that the kernel may drop. */
export class MemoryWatch {
  readonly #container: Docker.Container;
  readonly #samples: Promise<number>[] = [];
  readonly #timer: NodeJS.Timeout;

  private constructor(container: Docker.Container) {
    this.#container = container;
    this.#timer = setInterval(() => this.#look(), EVERY_MILLISECONDS);
    this.#look();
  }

  public static start(docker: Docker, name: string): MemoryWatch {
    return new MemoryWatch(docker.getContainer(name));
  }

  /** Ends the watch. Megabytes, oldest first. */
  public async stop(): Promise<readonly number[]> {
    clearInterval(this.#timer);
    this.#look();
    return Promise.all(this.#samples);
  }

  #look(): void {
    this.#samples.push(this.#megabytes());
  }

  async #megabytes(): Promise<number> {
    const { memory_stats } = await this.#container.stats({ stream: false });
    const { usage, stats } = memory_stats;
    const inactive = (stats as { readonly inactive_file?: number }).inactive_file ?? 0;
    return (usage - inactive) / 2 ** 20;
  }
}
