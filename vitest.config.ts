import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Vite would resolve `graphql` to its ESM copy while every package uses the CJS one: two realms.
    alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
    reporters: ["default", "./test/helpers/reporter.ts"],
    // Programs that tests start are the compiled ones: what users run, and twice as fast to start.
    globalSetup: "./test/helpers/build.ts",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
