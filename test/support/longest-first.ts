import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Files that take minutes, because they wait and kill. */
const LONGEST = ["event-consumer-chaos.test.ts", "providers/deployment.test.ts"];

/** Begins with the longest files, so that the others run beside them and not before. */
export class LongestFirst extends BaseSequencer {
  public override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((name) => moduleId.endsWith(name));
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
