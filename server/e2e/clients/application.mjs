// A page of another origin than flagd's, in a Chromium without windows.
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { required } from "./flagd.mjs";

const chromiumFlags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Opens a page with the bundled application of the file. Close closes the page, the browser and the site. */
export async function open(file) {
  const site = await serve(file);
  const browser = await launch();
  const page = await browser.newPage();
  const close = async () => {
    await browser.close();
    site.close();
  };
  return { page, address: `${site.origin}/`, close };
}

/** Starts a browser. */
export function launch() {
  return chromium.launch({ executablePath: required("CHROMIUM"), args: chromiumFlags });
}

/** Serves an empty page with the bundled application, and gives its origin and what ends it. */
export async function serve(file) {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    write: false,
  });
  const html = `<!doctype html><title>Application</title><script>${bundle.outputFiles[0].text}</script>`;
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end(html));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
