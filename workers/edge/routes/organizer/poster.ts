/** Uploading a poster. What it is and how large is read from the bytes; the address it gets is the hash of them. */
import { createRoute, z } from "@hono/zod-openapi";
import type { App } from "../../context.ts";
import { idParameter, ok } from "../../openapi.ts";
import { Problem } from "../../problem.ts";
import { writeAudit } from "../../../records/audit.ts";
import { withRecords } from "../../../records/database.ts";
import { changeDraft } from "../../../records/drafts.ts";
import { keepPoster } from "../../../records/posters.ts";
import { auditEntry, ownPerformance } from "./access.ts";
import { pictureFacts } from "./picture.ts";

export const PICTURE_LIMIT = 2 * 1024 * 1024;
const SMALLEST_SIDE = 200;
const LARGEST_SIDE = 6_000;

const binary = { schema: z.string().openapi({ format: "binary" }) };

const posterRoute = createRoute({
  method: "put",
  path: "/api/organizer/performances/{id}/poster",
  request: {
    params: idParameter,
    body: { required: true, content: { "image/png": binary, "image/jpeg": binary, "image/webp": binary } },
  },
  responses: ok(
    z.object({ posterUrl: z.string(), width: z.int(), height: z.int() }),
    "The draft's poster; the same picture has the same address",
  ),
});

export function registerPoster(app: App): void {
  app.openapi(posterRoute, async (c) => {
    const { id } = c.req.valid("param");
    await ownPerformance(c, id);
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const facts = pictureFacts(bytes);
    if (facts === null) throw new Problem("picture-unreadable");
    const { mediaType, width, height } = facts;
    if (Math.min(width, height) < SMALLEST_SIDE || Math.max(width, height) > LARGEST_SIDE) {
      throw new Problem("picture-size", { evidence: { width, height } });
    }
    const name = await sha256(bytes);
    const posterUrl = `/api/posters/${name}`;
    const changed = await withRecords(c.env, async (db) => {
      await keepPoster(db, c.var.member.id, { id: name, mediaType, width, height, bytes });
      const row = await changeDraft(db, id, { posterUrl, updatedAt: new Date() }, null);
      if (row !== null) await writeAudit(db, auditEntry(c, "performance.changed", id, { fields: ["posterUrl"] }));
      return row;
    });
    if (changed === null) throw new Problem("published-differently");
    return c.json({ posterUrl, width, height }, 200);
  });
}

async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
