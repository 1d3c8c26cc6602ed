/** A fresh performance with fans of its own for one script, and what its object says about it afterwards. */
import { z } from "zod";
import { OrganiserCatalogue } from "../dev/demo/catalogue.ts";
import { Api } from "../dev/demo/client.ts";
import { crowd } from "../dev/demo/crowd.ts";
import { gridChart } from "../dev/demo/halls.ts";
import { organiserToken } from "../dev/demo/sign-in.ts";
import { Failure } from "../dev/failure.ts";
import type { Whereabouts } from "../dev/running.ts";
import { readSecrets } from "../dev/secrets.ts";
import type { Plan } from "./plan.ts";
import type { Scene, ScriptName } from "./scenes.ts";

const DAY = 86_400_000;
const COLUMNS = 10;
const RECORDS_MS_MAX = 60_000;

const figures = z.looseObject({
  outboxDepth: z.number(),
  admittedTotal: z.number(),
  seatsByStatus: z.record(z.string(), z.number()),
  status: z.looseObject({ joined: z.number(), waiting: z.number(), sessions: z.number() }),
});
export type Figures = z.infer<typeof figures>;

export class Stage {
  readonly #where: Whereabouts;
  readonly #api: Api;
  readonly #organiser: string;

  static async of(where: Whereabouts): Promise<Stage> {
    const api = new Api(where.origin);
    return new Stage(where, api, await organiserToken(api, where.databaseUrl));
  }

  private constructor(where: Whereabouts, api: Api, organiser: string) {
    this.#where = where;
    this.#api = api;
    this.#organiser = organiser;
  }

  async set(script: ScriptName, { fans, arriveWithinSeconds, seconds, seats, settings }: Scene): Promise<Plan> {
    const catalogue = new OrganiserCatalogue(this.#api, this.#organiser);
    const hallId = await catalogue.hall({
      name: `${seats} seats`,
      address: "서울특별시",
      timeZone: "Asia/Seoul",
      chart: gridChart(seats / COLUMNS, COLUMNS),
    });
    const now = Date.now();
    const { id } = await catalogue.performance(hallId, {
      title: `${script} ${iso(now)}`,
      description: "npm run load",
      runTimeMinutes: 90,
      ageRating: "전체",
      currency: "KRW",
      prices: { S: 110_000, A: 90_000, B: 70_000 },
      settings: { openAt: iso(now - 1_000), closeAt: iso(now + DAY), ...settings },
      startsAt: [iso(now + 30 * DAY)],
    });
    const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
    const { items } = await this.#api.call(`GET /api/performances/${id}/schedules`, schedules);
    const members = await crowd(this.#where.databaseUrl, readSecrets().SESSION_KEYS, fans);
    const { origin, tossUrl } = this.#where;
    const tokens = members.map(({ token }) => token);
    const scheduleId = items[0]?.id ?? "";
    return { origin, performanceId: id, scheduleId, tossUrl, arriveWithinSeconds, seconds, tokens };
  }

  /** The object's figures, once the records know everything it has to report. */
  async settled(performanceId: string): Promise<Figures> {
    const until = Date.now() + RECORDS_MS_MAX;
    for (;;) {
      const call = `GET /api/organizer/performances/${performanceId}/live`;
      const found = await this.#api.call(call, figures, { token: this.#organiser });
      if (found.outboxDepth === 0) return found;
      if (Date.now() > until)
        throw new Failure(`After a minute ${found.outboxDepth} events are still on their way to the records.`);
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
