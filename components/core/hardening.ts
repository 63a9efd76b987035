import type { Size } from "./units.ts";

/** As whom a container's process runs. Root needs a reason, and so does leaving the choice to an image. */
export type ContainerUser =
  | { readonly name: string }
  | { readonly root: string }
  | { readonly ofImage: string };

/** What a process may write apart from its volumes. A root that can be written needs a reason. */
export type RootFilesystem =
  | {
      readonly readOnly: true;
      /**
       * Folders in memory that may be written, empty at each start; their size counts as memory of the container. One that
       * the image has keeps its mode, so that it is `/tmp` or a folder that the image does not have.
       */
      readonly scratch?: Readonly<Record<string, Size>>;
    }
  | { readonly writable: string };

/** A Linux capability that a container keeps, and what it needs it for. */
export interface KeptCapability {
  readonly name: `CAP_${string}`;
  readonly reason: string;
}

/** What sets a container apart from a process of the host. */
export interface Hardening {
  readonly user: ContainerUser;
  readonly rootFilesystem: RootFilesystem;
  /** All are dropped unless given. */
  readonly capabilities?: readonly KeptCapability[];
}

/** Docker copies no file into a container whose root is read-only, and the provider has no other way. */
export const UPLOADED_FILES =
  "its files are copied into the container before it starts, which Docker refuses while the root is read-only";

/** In the spelling of Docker; nothing where the image decides. */
export function dockerUser(user: ContainerUser): string | undefined {
  if ("name" in user) return user.name;
  return "root" in user ? "0:0" : undefined;
}

/** Folders in memory in the spelling of Docker: nothing on them is a program, a device or grants rights. */
export function dockerTmpfs(root: RootFilesystem): Readonly<Record<string, string>> {
  const scratch = "readOnly" in root ? Object.entries(root.scratch ?? {}) : [];
  return Object.fromEntries(
    scratch.map(([path, size]) => [
      path,
      `rw,noexec,nosuid,nodev,mode=1777,size=${size.replace(" ", "").slice(0, -1).toLowerCase()}`,
    ]),
  );
}

/** Throws when a reason is empty, or when files would have to be copied onto a read-only root. */
export function assertHardening(
  { user, rootFilesystem, capabilities = [] }: Hardening,
  fileCount: number,
): void {
  const reasons = [
    ...("root" in user ? [user.root] : "ofImage" in user ? [user.ofImage] : []),
    ...("writable" in rootFilesystem ? [rootFilesystem.writable] : []),
    ...capabilities.map(({ reason }) => reason),
  ];
  if (reasons.some((reason) => reason.trim() === "")) {
    throw new Error(
      "an exception from the hardening of a container has no reason: write down why it is needed",
    );
  }
  if ("name" in user && /^(root|0)(:|$)/.test(user.name)) {
    throw new Error(`the user "${user.name}" is root: write down why, as { root: "…" }`);
  }
  if ("readOnly" in rootFilesystem && fileCount > 0) {
    throw new Error(
      `${fileCount} files cannot be copied into a container with a read-only root: write them at the start (writtenAtStart), or give the reason for a writable root`,
    );
  }
}
