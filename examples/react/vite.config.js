import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // What the page may know of the environment that Vite runs in. A client SDK key is no secret.
  envPrefix: ["SDK_KEY", "TIDEGATE_URL"],
  // A page at the top may await its context before it renders.
  build: { target: "es2022" },
  server: { host: "127.0.0.1" },
});
