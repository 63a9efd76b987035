import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Vitest leaves one core to itself, on two cores half of them. */
const CORES = availableParallelism();

/** The proof ladder: each project proves one kind of thing; `npm test` runs them from cheap to dear. */
export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      { test: { name: "unit", include: ["test/unit/**/*.test.ts"], maxWorkers: CORES } },
      {
        test: { name: "stack", include: ["test/stack/**/*.test.ts"], testTimeout: 30_000, maxWorkers: CORES },
      },
      {
        test: {
          name: "contract",
          include: ["test/contract/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 300_000,
          // Most of them wait for a container.
          maxWorkers: CORES + 1,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          testTimeout: 600_000,
          hookTimeout: 1_200_000,
          fileParallelism: false,
          // What runs at a time shares two cores with the platform.
          maxConcurrency: 3,
        },
      },
    ],
    coverage: {
      provider: "v8",
      include: ["components/**/*.ts", "stacks/**/*.ts"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 90 },
    },
  },
});
