/** Lets Node load the objects' own files: `cloudflare:workers` is the stand-in (`node --import`; vitest has an alias). */
import { registerHooks } from "node:module";

const standIn = new URL("./house/cloudflare-workers.ts", import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === "cloudflare:workers" ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
