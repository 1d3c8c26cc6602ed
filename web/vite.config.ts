/** Builds the pages: one HTML entry per page, plain files out, nothing inlined (the pages run under a strict CSP). */
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";
import { type Key, korean } from "./i18n/ko/waiting.ts";

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
  "organisations",
  "invitation",
  "admin",
  "challenge",
  "presale",
  "organizer",
  "organizer/edit",
  "organizer/sale",
  "organizer/rehearsal",
  "404",
];

/** What the waiting room needs besides its own: one file for all pages, so that the busiest minute has few requests. */
const core =
  /preload-helper|web\/(api|account|decode|i18n\/choice|time\/(clock|ticker|countdown)|calls\/queue|live\/socket|format\/(time-of-day|money)|page\/speak|waiting\/(show|receipt))\.ts/;

/** What every other page has, and the waiting room has not. */
const texts = /node_modules\/(nanostores\/(?!listen-keys|deep-map)|@nanostores\/i18n\/)|web\/i18n\/language\.ts/;

/**
 * Scripts imported later (the English texts) bring neither styles nor scripts of their own, so what the bundler puts around
 * an import to load those first, a kilobyte on every page, is taken away again.
 */
const plainImports: Plugin = {
  name: "plain-imports",
  enforce: "pre",
  load: (id) => (id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null),
  renderChunk: {
    order: "post",
    handler: (code) =>
      code.replaceAll(
        /__vitePreload\(async \(\) => \{\s*const \{[^}]*\} = await (import\("[^"]+"\));\s*return \{[^}]*\};\s*\}, __VITE_PRELOAD__\)/g,
        "$1",
      ),
  },
};

/** Around every page but the waiting room, which brings its own: `head` names the page, `plain` is for browsers without scripts. */
const frame = (head: string, plain: string): string => `<!doctype html>
<html lang="ko">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/styles/base.css" />
    <link rel="stylesheet" href="/styles/parts.css" />
    ${head}
  </head>
  <body>
    <div id="app"></div>
    <noscript>
      <p class="noscript">이 페이지는 자바스크립트가 필요합니다. <span lang="en">This page needs JavaScript.</span></p>
      ${plain}
    </noscript>
  </body>
</html>
`;

const framed: Plugin = {
  name: "framed",
  transformIndexHtml: {
    order: "pre",
    handler: (html) => {
      if (html.startsWith("<!doctype")) return html;
      const [head = "", ...plain] = html.split(/(?=<p )/);
      return frame(head, plain.join(""));
    },
  },
};

/** The waiting room's words that never change are in the page itself, so that its first paint waits for no script. */
const firstWords: Plugin = {
  name: "first-words",
  transformIndexHtml: {
    order: "pre",
    handler: (html) =>
      html
        .replaceAll(/data-text="(\w+)"[^>]*>(?=<\/)/g, (tag, key: Key) => tag + korean[key])
        .replaceAll(/data-label="(\w+)"/g, (tag, key: Key) => `${tag} aria-label="${korean[key]}"`),
  },
};

/** Around these a browser shows no space. */
const blocks = "div|p|section|dl|dt|dd|h1|h2|main|header|ul|dialog|link|meta|script|title|head|body|noscript";

/** Indentation, closing slashes and lines around blocks are for those who read the sources; scripts of our own origin need no `crossorigin`. */
const flatPages: Plugin = {
  name: "flat-pages",
  transformIndexHtml: {
    order: "post",
    handler: (html) =>
      html
        .replaceAll(/\n\s*/g, "\n")
        .replaceAll(" />", ">")
        .replaceAll(" crossorigin", "")
        .replaceAll(new RegExp(`\\n(?=</?(?:${blocks})\\b)`, "g"), "")
        .replaceAll(new RegExp(`(?<=</?(?:${blocks})\\b[^>]*>)\\n`, "g"), ""),
  },
};

export default defineConfig({
  root,
  plugins: [plainImports, framed, firstWords, flatPages],
  // Also when tests build them: nothing in a page says where it was built.
  oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
  build: {
    outDir: fileURLToPath(new URL("../dist/web", import.meta.url)),
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: Object.fromEntries(pages.map((page) => [page, `${root}${page}.html`])),
      output: {
        codeSplitting: {
          groups: [
            { name: "core", test: core },
            { name: "texts", test: texts },
          ],
        },
      },
    },
  },
});
