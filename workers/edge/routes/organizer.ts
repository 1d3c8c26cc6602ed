/** All that organisers may do. */
import type { App } from "../context.ts";
import { registerDrafts } from "./organizer/drafts.ts";
import { registerHalls } from "./organizer/halls.ts";
import { registerOperations } from "./organizer/operations.ts";
import { registerPublish } from "./organizer/publish.ts";
import { registerRecords } from "./organizer/records.ts";

export function registerOrganizer(app: App): void {
  registerHalls(app);
  registerDrafts(app);
  registerPublish(app);
  registerOperations(app);
  registerRecords(app);
}
