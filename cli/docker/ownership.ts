import type { OWNER_LABELS } from "../../components/core/labels.ts";
import type { Workspace } from "../pulumi/workspace.ts";

/** The components' labels. Written again because their module loads Pulumi; the type keeps the two equal. */
const LABELS: typeof OWNER_LABELS = {
  project: "storytelling.project",
  stack: "storytelling.stack",
  resource: "storytelling.resource",
  spec: "storytelling.spec",
};

/** Whose objects a run may touch. */
export type Owner = Pick<Workspace, "project" | "stack">;

export type Labels = Readonly<Record<string, string | undefined>>;

/** Whether the labels say that the object was made by this stack. */
export function isOwnedBy(owner: Owner, labels: Labels): boolean {
  return (
    labels[LABELS.project] === owner.project &&
    labels[LABELS.stack] === owner.stack &&
    labels[LABELS.resource] !== undefined
  );
}
