import * as pulumi from "@pulumi/pulumi";
import { OWNER_LABELS } from "./owner-labels.ts";

export type Labels = Readonly<Record<string, string>>;

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
