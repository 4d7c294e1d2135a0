import { defineConfig } from "vitest/config";
import { compiledSiblings } from "./test/helpers/compiled-siblings.ts";

export default defineConfig({
  plugins: [compiledSiblings()],
  test: {
    include: ["test/**/*.test.ts"],
    // Vite would resolve `graphql` to its ESM copy while every package uses the CJS one: two realms.
    alias: [{ find: /^graphql$/, replacement: "graphql/index.js" }],
    reporters: ["default", "./test/helpers/reporter.ts"],
    // Programs that tests start are the compiled ones: what users run, and twice as fast to start.
    globalSetup: "./test/helpers/global-setup.ts",
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
