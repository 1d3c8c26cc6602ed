/** Builds the pages: one HTML entry per page, plain files out, nothing inlined (the pages run under a strict CSP). */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const root = fileURLToPath(new URL(".", import.meta.url));
const pages = [
  "index",
  "performance",
  "waiting",
  "draw",
  "seats",
  "checkout",
  "success",
  "fail",
  "orders",
  "order",
  "ticket",
  "door",
  "login",
  "signup",
  "verify",
  "forgot",
  "reset",
  "account",
  "challenge",
  "404",
];

/** What the waiting room needs besides its own: one file for all pages, so that the busiest minute has few requests. */
const core =
  /preload-helper|node_modules\/(nanostores\/(?!listen-keys|deep-map)|@nanostores\/i18n\/)|web\/(api|account|decode|i18n\/language|time\/(clock|ticker|countdown)|calls\/queue|live\/socket|format\/time-of-day|page\/speak|waiting\/(show|receipt))\.ts/;

/**
 * Scripts imported later (the English texts) bring neither styles nor scripts of their own, so the bundler's loader for
 * those, a kilobyte on every page, is replaced by a plain call.
 */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null),
};

/** Indentation and closing slashes are for those who read the sources. */
const flatPages: Plugin = {
  name: "flat-pages",
  transformIndexHtml: (html) => html.replaceAll(/\n\s+/g, "\n").replaceAll(" />", ">"),
};

export default defineConfig({
  root,
  plugins: [plainImports, flatPages],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, `${root}${page}.html`])),
      output: { codeSplitting: { groups: [{ name: "core", test: core }] } },
    },
  },
});
