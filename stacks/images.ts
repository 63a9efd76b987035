import type * as pulumi from "@pulumi/pulumi";
import { BuiltImage, type BuiltImageArgs } from "../components/core/built-image.ts";
import type { StageImage } from "../components/stage/definition.ts";
import type { ResolvedImage } from "../components/stage/stage.ts";
import { IMAGES, type ImageName } from "./catalog/images.ts";
import type { PlatformConfig } from "./config/schema.ts";

/** The reference of a platform image: the configured one, else the catalogue's. */
export function platformImage(config: PlatformConfig, name: ImageName): string {
  return config.images[name] ?? IMAGES[name];
}

/** Images of stages. A folder that several stages name is built once. */
export class StageImages {
  private readonly baseImage: string;
  private readonly parent: pulumi.Resource;
  private readonly built = new Map<string, ResolvedImage>();

  public constructor(baseImage: string, parent: pulumi.Resource) {
    this.baseImage = baseImage;
    this.parent = parent;
  }

  public resolve(image: StageImage): ResolvedImage {
    if ("reference" in image) return { reference: image.reference, ready: [] };
    const known = this.built.get(image.build);
    if (known !== undefined) return known;
    const built = this.build(image.build);
    this.built.set(image.build, built);
    return built;
  }

  private build(folder: string): ResolvedImage {
    const image = new BuiltImage(`${folderName(folder)}-image`, stageImageBuild(folder, this.baseImage), {
      parent: this.parent,
    });
    return { reference: image.reference, ready: [image] };
  }
}

/** How the image of a stage's folder is built. */
export function stageImageBuild(folder: string, baseImage: string): BuiltImageArgs {
  return {
    repository: `storytelling/${folderName(folder)}`,
    context: folder,
    buildArguments: { BASE_IMAGE: baseImage },
  };
}

function folderName(folder: string): string {
  return folder.split("/").at(-1) ?? folder;
}
