import { type Checked, isVolume } from "../resource.ts";

/** A volume that a change of the program could empty. */
export function protectedVolumeProblems(resource: Checked): string[] {
  if (!isVolume(resource) || resource.opts.protect) return [];
  return [
    `volume ${String(resource.props["name"])} is not protected; set protect, its data must outlive a mistake`,
  ];
}
