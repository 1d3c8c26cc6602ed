/** Creates halls and performances the way an organiser does: through the organiser API, and only what is missing. */
import { z } from "zod";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { ApiFailure, type Api } from "./client.ts";

const withId = z.looseObject({ id: z.uuid() });
const named = z.looseObject({
  id: z.uuid(),
  name: z.string().optional(),
  title: z.string().optional(),
  publishedAt: z.string().nullish(),
});
const page = z.object({ items: z.array(named) });

export interface HallDraft {
  readonly name: string;
  readonly address: string;
  readonly timeZone: string;
  readonly chart: Chart;
}

export interface PerformanceDraft {
  readonly title: string;
  readonly titleEn?: string;
  readonly description: string;
  readonly descriptionEn?: string;
  readonly posterUrl?: string;
  readonly runTimeMinutes: number;
  readonly ageRating: string;
  readonly currency: string;
  readonly prices: Readonly<Record<string, number>>;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Starting times, ISO 8601. */
  readonly startsAt: readonly string[];
}

export class OrganiserCatalogue {
  readonly #api: Api;
  readonly #token: string;

  constructor(api: Api, token: string) {
    this.#api = api;
    this.#token = token;
  }

  /** The id of the hall of this name, created if there is none. */
  async hall(draft: HallDraft): Promise<string> {
    const { items } = await this.#call("GET /api/organizer/halls?limit=100", page);
    const known = items.find((hall) => hall.name === draft.name);
    if (known !== undefined) return known.id;
    const { hall } = await this.#call("POST /api/organizer/halls", z.object({ hall: withId }), draft);
    return hall.id;
  }

  /** The id of the performance of this title, created and published if need be; repeating finishes what was left half done. */
  async performance(
    hallId: string,
    { startsAt, ...draft }: PerformanceDraft,
  ): Promise<{ id: string; created: boolean }> {
    const { items } = await this.#call("GET /api/organizer/performances?limit=100", page);
    const known = items.find((performance) => performance.title === draft.title);
    const id = known?.id ?? (await this.#create({ ...draft, hallId }));
    if (known?.publishedAt == null) {
      if (known === undefined) await this.#addSchedules(id, startsAt);
      await this.#publish(id, startsAt);
    }
    return { id, created: known === undefined };
  }

  async #create(draft: object): Promise<string> {
    const { performance } = await this.#call(
      "POST /api/organizer/performances",
      z.object({ performance: withId }),
      draft,
    );
    return performance.id;
  }

  async #addSchedules(id: string, startsAt: readonly string[]): Promise<void> {
    for (const time of startsAt) {
      await this.#call(`POST /api/organizer/performances/${id}/schedules`, z.unknown(), { startsAt: time });
    }
  }

  /** An earlier run may have been cut off between creating a performance and giving it its dates. */
  async #publish(id: string, startsAt: readonly string[]): Promise<void> {
    try {
      await this.#call(`POST /api/organizer/performances/${id}/publish`, z.unknown());
    } catch (error) {
      if (!(error instanceof ApiFailure) || error.code !== "not-ready-to-publish") throw error;
      await this.#addSchedules(id, startsAt);
      await this.#call(`POST /api/organizer/performances/${id}/publish`, z.unknown());
    }
  }

  #call<Schema extends z.ZodType>(request: string, schema: Schema, body?: unknown): Promise<z.infer<Schema>> {
    return this.#api.call(request, schema, { token: this.#token, ...(body === undefined ? {} : { body }) });
  }
}
