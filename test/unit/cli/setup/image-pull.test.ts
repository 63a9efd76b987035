import { Readable } from "node:stream";
import type Docker from "dockerode";
import { describe, expect, test } from "vitest";
import { pullImages } from "../../../../cli/setup/image-pull.ts";
import type { Reporter } from "../../../../cli/setup/reporter.ts";

interface Registry {
  /** Status with which a question about the image is answered; none when nothing answers. */
  readonly status?: number;
  /** Events of a pull. */
  readonly events?: readonly object[];
}

/** A Docker daemon that knows registries by image. */
function fakeDocker(registries: Readonly<Record<string, Registry>>, asked: string[] = []): Docker {
  const docker = {
    getImage: (reference: string) => ({
      distribution: () => {
        asked.push(reference);
        const status = registries[reference]?.status;
        return status === 200
          ? Promise.resolve({})
          : Promise.reject(Object.assign(new Error("refused"), { statusCode: status }));
      },
    }),
    pull: (reference: string) => {
      const lines = (registries[reference]?.events ?? []).map((event) => `${JSON.stringify(event)}\r\n`);
      return Promise.resolve(Readable.from(lines));
    },
  };
  return docker as unknown as Docker;
}

class RecordingReporter implements Reporter {
  public readonly reports: string[] = [];
  public readonly warnings: string[] = [];

  public async step<Result>(_title: string, work: Parameters<Reporter["step"]>[1]): Promise<Result> {
    const progress = {
      report: (status: string) => this.reports.push(status),
      warn: (line: string) => this.warnings.push(line),
    };
    return (await work(progress)) as Result;
  }

  public notice(line: string): void {
    this.warnings.push(line);
  }
}

describe("pulling images", () => {
  test("pulls what its registry has, and sums up the layers while it does", async () => {
    const reporter = new RecordingReporter();
    const docker = fakeDocker({
      "redis:8": {
        status: 200,
        events: [
          { status: "Pulling fs layer", id: "a" },
          { status: "Downloading", id: "a", progressDetail: { current: 1_000_000, total: 4_000_000 } },
          { status: "Downloading", id: "b", progressDetail: { current: 2_000_000, total: 6_000_000 } },
          { status: "Downloading", id: "a", progressDetail: { current: 4_000_000, total: 4_000_000 } },
        ],
      },
    });

    expect(await pullImages(docker, [{ official: "redis:8" }], reporter)).toEqual(new Set(["redis:8"]));
    expect(reporter.reports.at(-1)).toBe("redis:8: 6 of 10 MB");
    expect(reporter.warnings).toEqual([]);
  });

  test("asks a silent registry once, whatever the number of its images, and says so in one line", async () => {
    const asked: string[] = [];
    const reporter = new RecordingReporter();
    const wanted = ["redis:8", "postgres:17", "grafana/loki:3"].map((official) => ({ official }));

    expect(await pullImages(fakeDocker({}, asked), wanted, reporter)).toEqual(new Set());
    expect(asked).toEqual(["redis:8"]);
    expect(reporter.warnings).toEqual([
      "the image registry docker.io does not answer: images that can be built here are used instead",
    ]);
  });

  test("a registry that does not have an image has answered: the image is named with the reason", async () => {
    const reporter = new RecordingReporter();
    const docker = fakeDocker({ "redis:8": { status: 404, events: [{ error: "manifest unknown" }] } });

    expect(await pullImages(docker, [{ official: "redis:8" }], reporter)).toEqual(new Set());
    expect(reporter.warnings).toEqual(["redis:8 could not be pulled: manifest unknown"]);
  });

  test("a silent registry does not keep images of another one away", async () => {
    const docker = fakeDocker({ "quay.io/exporter:1": { status: 200 } });
    const wanted = [{ official: "redis:8" }, { official: "quay.io/exporter:1" }];

    expect(await pullImages(docker, wanted, new RecordingReporter())).toEqual(
      new Set(["quay.io/exporter:1"]),
    );
  });
});
