/** A draft on the desk: its values as they stand on screen, saved behind the writer's back. */
import { atom, type ReadableAtom } from "nanostores";
import { goToLogin } from "../../account.ts";
import { Problem } from "../../api.ts";
import { changeDraft, type Draft, type DraftDate, type Hall, type Missing, type Whole } from "../../calls/organizer.ts";
import { isStranger } from "../../page/sentence.ts";
import { Autosave, type Changes, fieldNamed, nested, type SendResult } from "./autosave.ts";

export type Values = Readonly<Record<string, unknown>>;

export interface DeskState {
  readonly values: Values;
  readonly dates: readonly DraftDate[];
  readonly halls: readonly Hall[];
  /** As the server last said; null before it was asked, or since something changed. */
  readonly missing: readonly Missing[] | null;
  readonly publishedAt: number | null;
}

const DEFAULT_ZONE = "Asia/Seoul";

export class Desk {
  readonly id: string;
  readonly autosave: Autosave;
  readonly #state;
  readonly #beforeUnload: (event: BeforeUnloadEvent) => void;

  constructor({ performance, schedules }: Whole, halls: readonly Hall[]) {
    this.id = performance.id;
    const unsaved = performance.publishedAt === null ? readKept(this.id) : {};
    this.#state = atom<DeskState>({
      values: { ...valuesOf(performance), ...unsaved },
      dates: sorted(schedules),
      halls,
      missing: null,
      publishedAt: performance.publishedAt,
    });
    this.autosave = new Autosave({
      send: (changes) => this.#send(changes),
      now: Date.now,
      later: (ms, call) => {
        const timer = setTimeout(call, ms);
        return () => clearTimeout(timer);
      },
      keep: (changes) => keep(this.id, changes),
    });
    if (Object.keys(unsaved).length > 0) this.autosave.set(unsaved);
    this.#beforeUnload = (event) => {
      if (this.autosave.state.get().dirty) event.preventDefault();
    };
    addEventListener("beforeunload", this.#beforeUnload);
  }

  get state(): ReadableAtom<DeskState> {
    return this.#state;
  }

  set(field: string, value: unknown): void {
    this.#change({ values: { ...this.#state.get().values, [field]: value }, missing: null });
    this.autosave.set({ [field]: value });
  }

  /** What another route has changed already. */
  noted(values: Values): void {
    this.#change({ values: { ...this.#state.get().values, ...values }, missing: null });
  }

  addHall(hall: Hall): void {
    this.#change({ halls: [hall, ...this.#state.get().halls] });
    this.set("hallId", hall.id);
  }

  setDates(dates: readonly DraftDate[]): void {
    this.#change({ dates: sorted(dates), missing: null });
  }

  setMissing(missing: readonly Missing[] | null): void {
    this.#change({ missing });
  }

  published(at: number): void {
    const dates = this.#state.get().dates.map((date) => ({ ...date, publishedAt: date.publishedAt ?? at }));
    this.#change({ publishedAt: at, missing: [], dates });
  }

  end(): void {
    this.autosave.end();
    removeEventListener("beforeunload", this.#beforeUnload);
  }

  #change(change: Partial<DeskState>): void {
    this.#state.set({ ...this.#state.get(), ...change });
  }

  async #send(changes: Changes): Promise<SendResult> {
    try {
      await changeDraft(this.id, nested(changes));
      return { ok: true };
    } catch (error) {
      if (isStranger(error)) goToLogin();
      if (!(error instanceof Problem) || !error.definite) return { ok: "unknown", error };
      return { ok: false, refused: error.errors.map(({ field }) => fieldNamed(field)), error };
    }
  }
}

export function hallOf({ values, halls }: DeskState): Hall | null {
  return halls.find((hall) => hall.id === values["hallId"]) ?? null;
}

/** Times of the sale are the venue's; until there is one, Seoul's. */
export function zoneOf(state: DeskState): string {
  return hallOf(state)?.timeZone ?? DEFAULT_ZONE;
}

export const textOf = (values: Values, field: string): string => {
  const value = values[field];
  return typeof value === "string" ? value : "";
};

export const numberOf = (values: Values, field: string): number | null => {
  const value = values[field];
  return typeof value === "number" ? value : null;
};

/** A moment of the settings, which travel as ISO 8601. */
export const timeOf = (values: Values, field: string): number | null => {
  const ms = Date.parse(textOf(values, field));
  return Number.isFinite(ms) ? ms : null;
};

export function pricesOf(values: Values): Readonly<Record<string, number>> {
  const value = values["prices"];
  return typeof value === "object" && value !== null ? (value as Record<string, number>) : {};
}

function valuesOf({ settings, ...draft }: Draft): Values {
  const values: Record<string, unknown> = { ...draft };
  for (const [name, value] of Object.entries(settings)) values[`settings.${name}`] = value;
  return values;
}

const sorted = (dates: readonly DraftDate[]): readonly DraftDate[] => dates.toSorted((a, b) => a.startsAt - b.startsAt);

const slotOf = (id: string): string => `ticketping-draft:${id}`;

function keep(id: string, changes: Changes): void {
  try {
    if (Object.keys(changes).length === 0) sessionStorage.removeItem(slotOf(id));
    else sessionStorage.setItem(slotOf(id), JSON.stringify(changes));
  } catch {
    // Without storage a reload loses what was not saved; the browser asks before it.
  }
}

function readKept(id: string): Changes {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(slotOf(id)) ?? "{}");
    return typeof kept === "object" && kept !== null ? { ...kept } : {};
  } catch {
    return {};
  }
}
