/** A process of the pool: seeds in, what they met out. */
import { campaign, type CampaignOptions } from "./campaign.ts";

process.on("message", async (task: CampaignOptions) => process.send?.(await campaign(task)));
// Whoever asked is gone: nobody is left to answer.
process.on("disconnect", () => process.exit());
