import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    root: fileURLToPath(new URL("..", import.meta.url)),
    include: ["tests/widget/**/*.test.ts"],
    testTimeout: 20_000,
    pool: "forks",
    poolOptions: { forks: { singleFork: true, execArgv: ["--experimental-websocket"] } },
  },
});
