/** All that organisers may do. */
import type { App } from "../context.ts";
import { registerDraftReading } from "./organizer/draft-reading.ts";
import { registerChartChange } from "./organizer/chart-change.ts";
import { registerCharts } from "./organizer/charts.ts";
import { registerDrafts } from "./organizer/drafts.ts";
import { registerHalls } from "./organizer/halls.ts";
import { registerDates } from "./organizer/dates.ts";
import { registerOperations } from "./organizer/operations.ts";
import { registerPoster } from "./organizer/poster.ts";
import { registerPublish } from "./organizer/publish.ts";
import { registerSeatBlocks } from "./organizer/seat-blocks.ts";
import { registerPurchases } from "./organizer/purchases.ts";
import { registerRecords } from "./organizer/records.ts";
import { registerWebhooksOfOrganisers } from "./organizer/webhooks.ts";
import { registerRehearsals } from "./organizer/rehearsals.ts";
import { registerIdentities } from "./organizer/identities.ts";
import { registerWatch } from "./organizer/watch.ts";

export function registerOrganizer(app: App): void {
  registerCharts(app);
  registerHalls(app);
  registerDrafts(app);
  registerDraftReading(app);
  registerPoster(app);
  registerPublish(app);
  registerOperations(app);
  registerSeatBlocks(app);
  registerChartChange(app);
  registerDates(app);
  registerRecords(app);
  registerWebhooksOfOrganisers(app);
  registerPurchases(app);
  registerWatch(app);
  registerRehearsals(app);
  registerIdentities(app);
}
