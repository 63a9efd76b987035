import { OWNER_LABELS } from "../../components/core/owner-labels.ts";
import type { Workspace } from "../pulumi/workspace.ts";

/** Whose objects a run may touch. */
export type Owner = Pick<Workspace, "project" | "stack">;

export type Labels = Readonly<Record<string, string | undefined>>;

/** Whether the labels say that the object was made by this stack. */
export function isOwnedBy(owner: Owner, labels: Labels): boolean {
  return (
    labels[OWNER_LABELS.project] === owner.project &&
    labels[OWNER_LABELS.stack] === owner.stack &&
    labels[OWNER_LABELS.resource] !== undefined
  );
}
