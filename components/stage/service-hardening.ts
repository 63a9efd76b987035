import {
  type ContainerUser,
  type Hardening,
  type RootFilesystem,
  UPLOADED_FILES,
} from "../core/hardening.ts";
import type { StageService } from "./definition.ts";

/** What a read-only container may write beside its volumes: what programs expect everywhere, in memory. */
const SCRATCH = { "/tmp": "64 MB" } as const;

/** User and file system of a service's containers, with the reason for what its image decides. */
export function serviceHardening(
  service: StageService,
  fileCount: number,
): Pick<Hardening, "user" | "rootFilesystem"> {
  return { user: serviceUser(service), rootFilesystem: serviceRoot(service, fileCount) };
}

function serviceUser({ user }: StageService): ContainerUser {
  if (user === undefined) return { ofImage: "a stage's image says as whom it runs" };
  return /^(root|0)(:|$)/.test(user) ? { root: "its definition asks for it" } : { name: user };
}

function serviceRoot({ readOnlyRoot }: StageService, fileCount: number): RootFilesystem {
  if (readOnlyRoot === true) return { readOnly: true, scratch: SCRATCH };
  return {
    writable: fileCount > 0 ? UPLOADED_FILES : "nobody but its team knows what a stage's image writes",
  };
}
