/** What all stacks of a run share is there before the first of them starts: the built pages, and the secrets. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Children } from "../../dev/children.ts";
import { buildPages } from "../../dev/pages.ts";
import { ensureSecrets } from "../../dev/secrets.ts";

export default async function beforeAll(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "ticketping-pages-"));
  const children = await Children.takeOver(folder);
  try {
    await ensureSecrets();
    await buildPages(children, path.join(folder, "pages.log"));
  } finally {
    children.release();
    rmSync(folder, { recursive: true, force: true });
  }
}
