import type { Finding } from "../report.ts";
import type { Scene } from "../scene.ts";

export interface MeasurementOptions {
  readonly scene: Scene;
  readonly rounds: number;
  /** Path of a docker compose. */
  readonly compose: string;
  readonly report: (line: string) => void;
}

/** One of the four measurements. Leaves what it made to the scene, which removes it. */
export type Measurement = (options: MeasurementOptions) => Promise<Finding[]>;
