import { writeFileSync } from "node:fs";
import type { Reporter, TestModule } from "vitest/node";

/**
 * Writes `N passed, N failed, N skipped` to the file that LEMMASCOPE_TEST_SUMMARY names, so that
 * `.ci/run` can print it as its last line. A module that failed to load counts as one failure.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 };
    for (const module of modules) {
      if (module.errors().length > 0) count.failed += 1;
      for (const test of module.children.allTests()) {
        const state = test.result().state;
        if (state === "passed" || state === "failed") count[state] += 1;
        else count.skipped += 1;
      }
    }
    const file = process.env["LEMMASCOPE_TEST_SUMMARY"];
    if (file === undefined) return;
    const { passed, failed, skipped } = count;
    writeFileSync(file, `${passed} passed, ${failed} failed, ${skipped} skipped\n`);
  }
}
