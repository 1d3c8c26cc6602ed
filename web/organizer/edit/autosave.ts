/**
 * Saving a draft while it is being written: what changed is collected for a moment, sent together, and sent again when
 * nobody answered. What the server refuses is marked and waits for the person; everything else goes on being saved.
 *
 * The clock is the caller's, so that the rules can be tested without one.
 */
import { atom, type ReadableAtom } from "nanostores";

/** Fields by name ("title", "settings.openAt"); null takes a value back. */
export type Changes = Readonly<Record<string, unknown>>;

export type SendResult =
  | { readonly ok: true }
  /** The server read it and named what is wrong; it changed nothing. */
  | { readonly ok: false; readonly refused: readonly string[]; readonly error: unknown }
  /** Nobody answered, or nobody could: the same again is safe. */
  | { readonly ok: "unknown"; readonly error: unknown };

export interface SaveState {
  /** Something of the person's is not on the server yet. */
  readonly dirty: boolean;
  readonly saving: boolean;
  readonly savedAt: number | null;
  /** Fields whose present value the server refused. */
  readonly refused: readonly string[];
  /** Why the last try did not get through; null once one did. */
  readonly trouble: unknown;
}

export interface AutosaveOptions {
  readonly send: (changes: Changes) => Promise<SendResult>;
  readonly now: () => number;
  /** Calls back after so many milliseconds; the answer takes it back. */
  readonly later: (ms: number, call: () => void) => () => void;
  /** Told whenever what is unsaved changes, so that a reload loses nothing. */
  readonly keep: (unsaved: Changes) => void;
}

const PAUSE_MS = 700;
const LONGEST_RETRY_MS = 20_000;

export class Autosave {
  readonly #options: AutosaveOptions;
  readonly #state = atom<SaveState>({ dirty: false, saving: false, savedAt: null, refused: [], trouble: null });
  #pending: Changes = {};
  /** Refused values: kept by the page, not sent again until they change. */
  #refused: Changes = {};
  #cancel: (() => void) | null = null;
  #running: Promise<void> | null = null;
  #failures = 0;

  constructor(options: AutosaveOptions) {
    this.#options = options;
  }

  get state(): ReadableAtom<SaveState> {
    return this.#state;
  }

  set(changes: Changes): void {
    this.#pending = { ...this.#pending, ...changes };
    this.#refused = without(this.#refused, Object.keys(changes));
    this.#tell({});
    this.#plan(PAUSE_MS);
  }

  /** Sends what is pending now; resolves when nothing is pending any more or a try failed. */
  async flush(): Promise<boolean> {
    this.#cancel?.();
    this.#cancel = null;
    while (this.#running !== null || Object.keys(this.#pending).length > 0) {
      const failuresBefore = this.#failures;
      await (this.#running ?? this.#run());
      if (this.#failures > failuresBefore) return false;
    }
    return Object.keys(this.#refused).length === 0;
  }

  end(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #plan(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#options.later(ms, () => {
      this.#cancel = null;
      if (this.#running === null) void this.#run();
    });
  }

  #run(): Promise<void> {
    this.#running = this.#send().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  async #send(): Promise<void> {
    const sent = this.#pending;
    if (Object.keys(sent).length === 0) return;
    this.#pending = {};
    this.#tell({ saving: true });
    const result = await this.#options.send(sent);
    if (result.ok === true) {
      this.#failures = 0;
      this.#tell({ saving: false, savedAt: this.#options.now(), trouble: null });
    } else if (result.ok === "unknown") {
      // What was typed meanwhile is newer.
      this.#pending = { ...sent, ...this.#pending };
      this.#failures += 1;
      this.#tell({ saving: false, trouble: result.error });
      this.#plan(Math.min(LONGEST_RETRY_MS, 1_000 * 2 ** this.#failures));
      return;
    } else {
      // Names nothing of ours: then all of it is to blame, or it would be sent for ever.
      const named = result.refused.filter((field) => field in sent);
      const blamed = named.length === 0 ? Object.keys(sent) : named;
      this.#refused = {
        ...this.#refused,
        ...only(
          sent,
          blamed.filter((field) => !(field in this.#pending)),
        ),
      };
      this.#pending = { ...without(sent, blamed), ...this.#pending };
      this.#failures = 0;
      this.#tell({ saving: false, trouble: named.length === 0 ? result.error : null });
    }
    if (Object.keys(this.#pending).length > 0) this.#plan(0);
  }

  #tell(change: Partial<SaveState>): void {
    const unsaved = { ...this.#refused, ...this.#pending };
    const saving = change.saving ?? this.#state.get().saving;
    this.#options.keep(unsaved);
    this.#state.set({
      ...this.#state.get(),
      ...change,
      dirty: saving || Object.keys(unsaved).length > 0,
      refused: Object.keys(this.#refused),
    });
  }
}

function without(changes: Changes, names: readonly string[]): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => !names.includes(name)));
}

function only(changes: Changes, names: readonly string[]): Changes {
  return Object.fromEntries(Object.entries(changes).filter(([name]) => names.includes(name)));
}

/** {"settings.openAt": x} becomes {settings: {openAt: x}}: one level, as the API has it. */
export function nested(changes: Changes): Readonly<Record<string, unknown>> {
  const body: Record<string, unknown> = {};
  const settings: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(changes)) {
    if (name.startsWith("settings.")) settings[name.slice("settings.".length)] = value;
    else body[name] = value;
  }
  return Object.keys(settings).length === 0 ? body : { ...body, settings };
}

/** The field of ours that a server's error names: "prices.R" is "prices", "settings.openAt" itself. */
export function fieldNamed(name: string): string {
  const [first = "", second] = name.split(".");
  return first === "settings" && second !== undefined ? `settings.${second}` : first;
}
