import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { precompress } from "./precompress.ts";

const flagd = process.env.FLAGD_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  plugins: [react(), precompress()],
  build: {
    outDir: "dist",
    emptyOutDir: true,
    // flagd's content policy allows nothing inline, so small assets stay files of their own.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      "/api": flagd,
      "/ofrep": flagd,
    },
  },
  test: {
    include: ["src/**/*.test.ts"],
  },
});
