import path from "node:path";
import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        // Rules and other plain functions: no server, no clock, milliseconds. The simulation runs the objects outside workerd.
        resolve: {
          alias: {
            "cloudflare:workers": path.join(import.meta.dirname, "tests/simulation/house/cloudflare-workers.ts"),
          },
        },
        test: {
          name: "unit",
          include: [
            "{durable-objects,workers,web,dev,bench}/**/*.test.ts",
            "tests/{rules,simulation,chaos,operations}/**/*.test.ts",
          ],
          testTimeout: 120_000,
        },
      },
      {
        // The objects in workerd, with eviction and alarms.
        plugins: [
          cloudflareTest({
            wrangler: { configPath: "./wrangler.toml" },
            miniflare: {
              // No Postgres and no provider here: the objects have to live without; tests/stack has the real ones.
              bindings: {
                DATABASE_URL: "postgres://nobody:nothing@records.invalid/none",
                NEON_HTTP_ENDPOINT: "http://records.invalid/sql",
              },
              outboundService: () => new Response(null, { status: 503 }),
            },
          }),
        ],
        test: { name: "objects", include: ["tests/objects/**/*.test.ts"], testTimeout: 30_000 },
      },
      {
        // The whole stack, with real Postgres, the payment sandbox, and a browser.
        test: {
          name: "stack",
          include: ["tests/stack/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          globalSetup: "tests/stack/before-all.ts",
          // A file mostly waits, for clocks and for processes of its own: two side by side keep two cores from idling.
          maxWorkers: 2,
        },
      },
    ],
  },
});
