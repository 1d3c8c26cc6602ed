/** What the pictures need in the background: a house that is partly sold, and a queue. All of it over the public API. */
import { z } from "zod";
import { Api, ApiFailure } from "../demo/client.ts";
import { crowd, type CrowdMember } from "../demo/crowd.ts";
import { Fan } from "../demo/fan.ts";
import { organiserToken } from "../demo/sign-in.ts";
import { Failure } from "../failure.ts";
import type { Whereabouts } from "../running.ts";
import { readSecrets } from "../secrets.ts";

const BUYERS = 40;
const WAITERS = 248;
/** So many have been let in by the time the picture is taken. */
const MOVED_ON = 60;
const AT_ONCE = 20;

const listed = z.looseObject({ items: z.array(z.looseObject({ id: z.string(), title: z.string().optional() })) });
const charted = z.looseObject({
  chart: z.looseObject({
    sections: z.array(
      z.looseObject({ rows: z.array(z.looseObject({ seats: z.array(z.looseObject({ id: z.string() })) })) }),
    ),
  }),
});

export class Scenery {
  readonly performanceId: string;
  readonly #where: Whereabouts;
  readonly #api: Api;
  readonly #organiser: string;
  #waiting: readonly CrowdMember[] = [];

  /** On the stage of the performance of this title. */
  static async of(where: Whereabouts, title: string): Promise<Scenery> {
    const api = new Api(where.origin);
    const organiser = await organiserToken(api, where.databaseUrl);
    const { items } = await api.call("GET /api/performances", listed);
    const found = items.find((performance) => performance.title === title);
    if (found === undefined) throw new Failure(`The demo data have no performance ${title}.`);
    return new Scenery(where, api, organiser, found.id);
  }

  private constructor(where: Whereabouts, api: Api, organiser: string, performanceId: string) {
    this.#where = where;
    this.#api = api;
    this.#organiser = organiser;
    this.performanceId = performanceId;
  }

  /** Some people were faster; what they bought is sold in the picture. */
  async sellSome(): Promise<void> {
    const room = `/api/performances/${this.performanceId}`;
    const { items } = await this.#api.call(`GET ${room}/schedules`, listed);
    const scheduleId = items[0]?.id ?? "";
    const { chart } = await this.#api.call(`GET ${room}/schedules/${scheduleId}/chart`, charted);
    const sections = chart.sections.map(({ rows }) => rows.flatMap(({ seats }) => seats.map(({ id }) => id)));
    const { tossUrl } = this.#where;
    const plan = { performanceId: this.performanceId, scheduleId, sections, tossUrl, random: Math.random };
    const report = { step: () => undefined, now: () => undefined };
    await inTurns(await this.#people(BUYERS), async ({ token }) => {
      const fan = new Fan(this.#api, { ...plan, token, seats: 1 + Math.floor(Math.random() * 4) }, report);
      await fan.buy().catch((error: unknown) => {
        // Who asked for a place that is kept for wheelchairs goes home.
        if (!(error instanceof ApiFailure) || error.code !== "seats-accessible-only") throw error;
      });
    });
  }

  /** Nobody more is let in, and many queue. */
  async fillQueue(): Promise<void> {
    await this.#setCapacity(1);
    this.#waiting = await this.#people(WAITERS);
    await inTurns(this.#waiting, ({ token }) =>
      this.#api.call(`POST /api/performances/${this.performanceId}/queue`, z.unknown(), { token }),
    );
  }

  /** Those at the front give up. */
  async moveOn(): Promise<void> {
    await inTurns(this.#waiting.slice(0, MOVED_ON), ({ token }) =>
      this.#api.call(`DELETE /api/performances/${this.performanceId}/queue`, z.unknown(), { token }),
    );
  }

  async letEverybodyIn(): Promise<void> {
    await this.#setCapacity(BUYERS + WAITERS);
  }

  async #setCapacity(capacity: number): Promise<void> {
    const call = `PATCH /api/organizer/performances/${this.performanceId}/settings`;
    await this.#api.call(call, z.unknown(), { token: this.#organiser, body: { capacity } });
  }

  #people(count: number): Promise<readonly CrowdMember[]> {
    return crowd(this.#where.databaseUrl, readSecrets().SESSION_KEYS, count);
  }
}

async function inTurns(people: readonly CrowdMember[], act: (one: CrowdMember) => Promise<unknown>): Promise<void> {
  for (let from = 0; from < people.length; from += AT_ONCE) {
    await Promise.all(people.slice(from, from + AT_ONCE).map(act));
  }
}
