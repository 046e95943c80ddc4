import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/test/**/*.test.ts", "harness/**/*.test.{ts,mjs}", "test/*.test.ts"],
    typecheck: { enabled: false },
  },
});
