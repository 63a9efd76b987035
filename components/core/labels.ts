import * as pulumi from "@pulumi/pulumi";

export type Labels = Readonly<Record<string, string>>;

/**
 * The labels by which the platform recognises what is its own, and nobody else's. The CLI removes a leftover
 * container only when it carries them.
 */
export const OWNER_LABELS = {
  project: "storytelling.project",
  stack: "storytelling.stack",
  /** Logical name of the Pulumi resource. */
  resource: "storytelling.resource",
  /** Hash of the inputs that the Docker provider cannot change on a running container. */
  spec: "storytelling.spec",
} as const;

/** The ownership labels of one resource of the running stack. */
export function ownerLabels(resourceName: string): Labels {
  return {
    [OWNER_LABELS.project]: pulumi.getProject(),
    [OWNER_LABELS.stack]: pulumi.getStack(),
    [OWNER_LABELS.resource]: resourceName,
  };
}

/** The provider's list form, in a fixed order so that a diff shows only what changed. */
export function toLabelList(labels: Labels): { label: string; value: string }[] {
  return Object.entries(labels)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, value]) => ({ label, value }));
}
