import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 30_000,
    hookTimeout: 120_000,
    reporters: process.env["CI"] ? ["default", "./test/summary-reporter.ts"] : ["default"],
  },
});
