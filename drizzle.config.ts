/** Postgres migrations: `npm run db:generate -- --name what_changed` compares the schema with the last migration. */
import { defineConfig } from "drizzle-kit";

export default defineConfig({
  dialect: "postgresql",
  schema: "./workers/records/schema.ts",
  out: "./migrations",
  dbCredentials: { url: process.env["DATABASE_URL"] ?? "" },
});
