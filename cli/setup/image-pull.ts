import type Docker from "dockerode";
import { type DockerEvent, followDockerEvents } from "../../offline/docker-events.ts";
import type { ReportProgress } from "../../offline/progress.ts";
import type { Reporter } from "./reporter.ts";

/** An image that could be pulled. */
interface Pullable {
  readonly official: string;
}

const PROBE_MILLISECONDS = 5_000;
const MEGABYTE = 1_000_000;

/** Pulls images from those registries that answer. Returns the references that were pulled. */
export async function pullImages(
  docker: Docker,
  wanted: readonly Pullable[],
  reporter: Reporter,
): Promise<ReadonlySet<string>> {
  return reporter.step(`Images: docker pull (${wanted.length})`, async (progress) => {
    const registries = new Registries(docker);
    const pulled = new Set<string>();
    for (const { official } of wanted) {
      progress.report(`asking for ${official}`);
      if (!(await registries.answersFor(official))) continue;
      try {
        await pull(docker, official, progress.report);
        pulled.add(official);
      } catch (error) {
        progress.warn(`${official} could not be pulled: ${(error as Error).message}`);
      }
    }
    for (const registry of registries.silent) {
      progress.warn(
        `the image registry ${registry} does not answer: images that can be built here are used instead`,
      );
    }
    return pulled;
  });
}

/** Which registries answer the Docker daemon, each asked once. */
class Registries {
  readonly #docker: Docker;
  readonly #answers = new Map<string, boolean>();

  public constructor(docker: Docker) {
    this.#docker = docker;
  }

  /** The daemon is asked, not the network: it has mirrors and proxies of its own. */
  public async answersFor(reference: string): Promise<boolean> {
    const registry = registryOf(reference);
    const answer = this.#answers.get(registry) ?? (await this.#ask(reference));
    this.#answers.set(registry, answer);
    return answer;
  }

  public get silent(): readonly string[] {
    return [...this.#answers].flatMap(([registry, answers]) => (answers ? [] : [registry]));
  }

  async #ask(reference: string): Promise<boolean> {
    const abortSignal = AbortSignal.timeout(PROBE_MILLISECONDS);
    return this.#docker
      .getImage(reference)
      .distribution({ abortSignal })
      .then(
        () => true,
        // A registry that refuses or does not know the image has answered.
        ({ statusCode }: { readonly statusCode?: number }) => [401, 403, 404].includes(statusCode ?? 0),
      );
  }
}

/** Host of a reference's registry. */
export function registryOf(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

async function pull(docker: Docker, reference: string, report: ReportProgress): Promise<void> {
  const layers = new LayerProgress((status) => report(`${reference}: ${status}`));
  await followDockerEvents(await docker.pull(reference), (event) => layers.add(event));
}

/** Sums up what is downloaded of each layer. */
class LayerProgress {
  readonly #report: ReportProgress;
  readonly #layers = new Map<string, { readonly current: number; readonly total: number }>();

  public constructor(report: ReportProgress) {
    this.#report = report;
  }

  public add({ status, id = "", progressDetail }: DockerEvent): void {
    if (status !== "Downloading" || progressDetail?.total === undefined) return;
    this.#layers.set(id, { current: progressDetail.current ?? 0, total: progressDetail.total });
    const layers = [...this.#layers.values()];
    const current = layers.reduce((sum, layer) => sum + layer.current, 0);
    const total = layers.reduce((sum, layer) => sum + layer.total, 0);
    this.#report(`${Math.round(current / MEGABYTE)} of ${Math.round(total / MEGABYTE)} MB`);
  }
}
