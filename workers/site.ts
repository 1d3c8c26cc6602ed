/**
 * The waiting room for any site: a Worker of its own (wrangler.site.toml) on the site's hostname, so that the site's
 * scripts share no origin and no cookies with TicketPing's pages. It holds visitors until the performance's object lets
 * them in, and passes the others on to the origin. Wiring only.
 */
import { answerSite } from "./edge/site/answer.ts";
import type { SiteEnvironment } from "./edge/site/settings.ts";

export default { fetch: answerSite } satisfies ExportedHandler<SiteEnvironment>;
