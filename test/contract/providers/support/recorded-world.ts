import { createServer } from "node:net";
import Docker from "dockerode";
import {
  isArray,
  isMap,
  listOf,
  type PropertyMap,
  type PropertyValue,
} from "../../../../offline/providers/bridge/values.ts";
import { imageOf } from "../../../support/images.ts";
import type { ProgramInputs } from "./program.ts";
import { recordedInputs, recordedState } from "./recorded.ts";

/**
 * The recorded inputs, made to run beside other things on this host: own names, free ports, and images that
 * are here. Values go out and come back as text, so that what was recorded can be compared letter by letter.
 */
export class RecordedWorld {
  /** What everything made from these inputs is named after. */
  public readonly prefix: string;
  readonly #replacements: readonly (readonly [string, string])[];
  readonly #images: readonly string[];

  private constructor(
    prefix: string,
    replacements: readonly (readonly [string, string])[],
    images: readonly string[],
  ) {
    this.prefix = prefix;
    this.#replacements = replacements;
    this.#images = images;
  }

  public static async prepare(): Promise<RecordedWorld> {
    const prefix = `sp${process.pid}`;
    const redis = `${prefix}/redis:8.0`;
    // The recorded image started redis without a script in between.
    await buildFrom(await imageOf("redis"), redis, 'ENTRYPOINT ["redis-server"]');
    return new RecordedWorld(
      prefix,
      [
        ["local/redis:8.0", redis],
        ["local/postgres:17", await imageOf("postgres")],
        ["t7", prefix],
        ["26379", String(await freePort())],
        ["25432", String(await freePort())],
      ],
      [redis, `${prefix}/img:1`],
    );
  }

  public get postgresPort(): number {
    return this.toHere(25432);
  }

  /** Everything that one program deploys. */
  public inputs(): ProgramInputs {
    const connection = {
      host: "127.0.0.1",
      port: 25432,
      username: "admin",
      password: "pw",
      sslmode: "disable",
    };
    return this.toHere({
      ...recordedInputs,
      connection,
      pg: withoutDefaults(recordedState("pg").inputs),
      reader: { name: "t7_reader", login: true, password: "x" },
    }) as unknown as ProgramInputs;
  }

  /** From recorded to what it is called here. */
  public toHere<Value>(recorded: Value): Value {
    return this.#rewrite(recorded, (text, [there, here]) => text.replaceAll(there, here));
  }

  /** From what it is called here to what was recorded. */
  public toRecorded<Value>(value: Value): Value {
    return this.#rewrite(value, (text, [there, here]) => text.replaceAll(here, there));
  }

  public async remove(): Promise<void> {
    const docker = new Docker();
    for (const image of this.#images) {
      await docker
        .getImage(image)
        .remove({ force: true })
        .catch(() => undefined);
    }
  }

  #rewrite<Value>(
    value: Value,
    replace: (text: string, replacement: readonly [string, string]) => string,
  ): Value {
    return JSON.parse(this.#replacements.reduce(replace, JSON.stringify(value))) as Value;
  }
}

/** Checked inputs as the program gave them: what `__defaults` names was not given. */
function withoutDefaults(inputs: PropertyMap): PropertyMap {
  const defaulted = listOf(inputs, "__defaults");
  const given = Object.entries(inputs).filter(([key]) => key !== "__defaults" && !defaulted.includes(key));
  return Object.fromEntries(given.map(([key, value]) => [key, withoutNestedDefaults(value)]));
}

function withoutNestedDefaults(value: PropertyValue): PropertyValue {
  if (isArray(value)) return value.map(withoutNestedDefaults);
  return isMap(value) ? withoutDefaults(value) : value;
}

async function buildFrom(base: string, tag: string, instruction: string): Promise<void> {
  const docker = new Docker();
  const { pack: newPack } = await import("tar-stream");
  const context = newPack();
  context.entry({ name: "Dockerfile" }, `FROM ${base}\n${instruction}\n`);
  context.finalize();
  const stream = await docker.buildImage(context, { t: tag });
  await new Promise((resolve, reject) => {
    docker.modem.followProgress(stream, (error, events) => (error ? reject(error) : resolve(events)));
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
