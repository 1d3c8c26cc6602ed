/**
 * A draft on the desk: its values as they stand on screen, saved behind the writer's back. Somebody else may have it on
 * theirs: every change says which version it was made to, and what both have changed waits for a person (decision 0059).
 */
import { atom, type ReadableAtom } from "nanostores";
import { goToLogin } from "../../account.ts";
import { Problem } from "../../api.ts";
import { isRecord } from "../../decode.ts";
import {
  changeDraft,
  type Draft,
  type DraftDate,
  type Hall,
  listHalls,
  type Missing,
  readDraft,
  type Whole,
} from "../../calls/organizer.ts";
import { isStranger } from "../../page/sentence.ts";
import { merged, type Values } from "./merge.ts";
import { Autosave, type Changes, fieldNamed, nested, type SendResult } from "./autosave.ts";

/** A save is made to somebody else's version so often, before it waits like one that nobody answered. */
const TRIES = 4;

export interface DeskState {
  readonly values: Values;
  readonly dates: readonly DraftDate[];
  readonly halls: readonly Hall[];
  /** As the server last said; null before it was asked, or since something changed. */
  readonly missing: readonly Missing[] | null;
  readonly publishedAt: number | null;
  /** What somebody else has changed to another value than this page: theirs. Nothing of it is saved before it is settled. */
  readonly conflicts: Values;
  /** What somebody else has changed since it was last said: taken over. */
  readonly taken: readonly string[];
}

const DEFAULT_ZONE = "Asia/Seoul";

export class Desk {
  readonly id: string;
  readonly autosave: Autosave;
  readonly #state;
  readonly #beforeUnload: (event: BeforeUnloadEvent) => void;
  /** As the server had it last, and which version that was. */
  #base: Values;
  #version: number;
  #unsaved: Changes = {};

  constructor({ performance, schedules }: Whole, halls: readonly Hall[]) {
    this.id = performance.id;
    const now = valuesOf(performance);
    this.#version = performance.updatedAt;
    const kept = performance.publishedAt === null ? readKept(this.id) : { changes: {}, base: {} };
    const unsaved = kept.changes;
    this.#base = { ...now, ...kept.base };
    this.#state = atom<DeskState>({
      values: { ...now, ...unsaved },
      conflicts: merged(this.#base, now, unsaved).conflicts,
      taken: [],
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
      keep: (changes) => {
        this.#unsaved = changes;
        keep(this.id, changes, this.#base);
      },
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

  /** Decides between what this page and what somebody else has: only now the field is saved again. */
  settle(field: string, value: unknown): void {
    const { [field]: theirs, ...conflicts } = this.#state.get().conflicts;
    this.#base = { ...this.#base, [field]: theirs };
    this.#change({ conflicts });
    this.set(field, value);
  }

  /** Whoever sits here has read what was taken over. */
  read(): void {
    this.#change({ taken: [] });
  }

  /** Looks at what others have made of it meanwhile. False: it could not be read. */
  async refresh(): Promise<boolean> {
    try {
      await this.#catchUp({});
      return true;
    } catch {
      return false;
    }
  }

  /** What another route has changed already. */
  noted(values: Values): void {
    this.#base = { ...this.#base, ...values };
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
    const open = Object.keys(changes).filter((field) => field in this.#state.get().conflicts);
    if (open.length > 0) return { ok: false, refused: open, error: null };
    let failure: unknown = null;
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      try {
        const basedOn = new Date(this.#version).toISOString();
        const saved = await changeDraft(this.id, { ...nested(changes), basedOn });
        this.#noteRead(saved);
        return { ok: true };
      } catch (error) {
        failure = error;
        if (isStranger(error)) goToLogin();
        if (!(error instanceof Problem) || !error.definite) break;
        if (error.code !== "draft-changed") {
          // Somebody else has published it: then the page says so, too.
          if (error.code === "published-differently") await this.refresh();
          return { ok: false, refused: error.errors.map(({ field }) => fieldNamed(field)), error };
        }
        try {
          const refused = await this.#catchUp(changes);
          if (refused.length > 0) return { ok: false, refused, error };
        } catch (unread) {
          failure = unread;
          break;
        }
      }
    }
    return { ok: "unknown", error: failure };
  }

  /** From here on others are measured against this; but for what is not settled, which goes on standing against them. */
  #noteRead(draft: Draft): void {
    const open = Object.keys(this.#state.get().conflicts);
    const before = this.#base;
    this.#base = { ...valuesOf(draft), ...Object.fromEntries(open.map((field) => [field, before[field]])) };
    this.#version = draft.updatedAt;
  }

  /** Takes over what others have changed; which of these changes they have changed too, to something else. */
  async #catchUp(changes: Changes): Promise<readonly string[]> {
    const { performance, schedules } = await readDraft(this.id);
    const { publishedAt } = performance;
    if (performance.updatedAt === this.#version && publishedAt === this.#state.get().publishedAt) {
      this.#change({ dates: sorted(schedules) });
      return [];
    }
    const now = valuesOf(performance);
    const known = this.#state.get().halls;
    const halls = known.some(({ id }) => id === performance.hallId) ? known : await listHalls();
    const { theirs, conflicts } = merged(this.#base, now, { ...this.#unsaved, ...changes });
    this.#change({ conflicts: { ...this.#state.get().conflicts, ...conflicts } });
    this.#noteRead(performance);
    const before = this.#state.get();
    this.#change({
      values: { ...before.values, ...theirs },
      taken: [...new Set([...before.taken, ...Object.keys(theirs)])],
      dates: sorted(schedules),
      halls,
      publishedAt,
      ...(Object.keys(theirs).length === 0 ? {} : { missing: null }),
    });
    return Object.keys(conflicts).filter((field) => field in changes);
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

/** With what the server had of the same fields, so that a later visit can tell whether somebody else has changed them. */
function keep(id: string, changes: Changes, base: Values): void {
  try {
    const fields = Object.keys(changes);
    if (fields.length === 0) return sessionStorage.removeItem(slotOf(id));
    const had = Object.fromEntries(fields.map((field) => [field, base[field] ?? null]));
    sessionStorage.setItem(slotOf(id), JSON.stringify({ changes, base: had }));
  } catch {
    // Without storage a reload loses what was not saved; the browser asks before it.
  }
}

function readKept(id: string): { readonly changes: Changes; readonly base: Values } {
  const nothing = { changes: {}, base: {} };
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(slotOf(id)) ?? "{}");
    return isRecord(kept) && isRecord(kept["changes"]) && isRecord(kept["base"])
      ? { changes: kept["changes"], base: kept["base"] }
      : nothing;
  } catch {
    return nothing;
  }
}
