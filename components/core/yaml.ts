import { stringify } from "yaml";

/** The one way from a rendered object to a file: no line wrapping and no anchors, so that a diff shows only what changed. */
export function toYaml(value: unknown): string {
  return stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
}
