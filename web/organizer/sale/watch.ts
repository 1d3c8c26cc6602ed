/** What the dashboard knows of a sale: figures as they come in, over a connection that restores itself. */
import { atom, type ReadableAtom } from "nanostores";
import {
  type ControlFrame,
  readBooks,
  readControlFrame,
  type Sample,
  type SeatPicture,
  watchPath,
} from "../../calls/control.ts";
import { Link } from "../../live/socket.ts";
import { notePushedTime } from "../../time/clock.ts";

/** A day at a sample every five seconds is thinned by the server; what comes in afterwards is bounded here. */
const MOST_SAMPLES = 2_000;

export interface Watched {
  readonly link: "connecting" | "live" | "offline";
  /** Since when the sale has not answered its control room, or null. */
  readonly silentSince: number | null;
  readonly samples: readonly Sample[];
  readonly notice: string | null;
  readonly openAt: number;
  readonly seats: SeatPicture | null;
}

export class Watch {
  readonly #id: string;
  readonly #link: Link;
  readonly #state = atom<Watched>({
    link: "connecting",
    silentSince: null,
    samples: [],
    notice: null,
    openAt: 0,
    seats: null,
  });
  #scheduleId: string | null = null;

  constructor(id: string) {
    this.#id = id;
    this.#link = new Link({
      path: watchPath(id),
      onOpen: () => this.#ask(),
      onFrame: (frame) => this.#hear(frame),
      onState: (state) => {
        if (state === "open") this.#change({ link: "live" });
        if (state !== "waiting") return;
        this.#change({ link: "offline" });
        // A socket is refused without saying why; any other question renews a sign-in that has run out.
        void readBooks(this.#id).catch(() => undefined);
      },
    });
  }

  get state(): ReadableAtom<Watched> {
    return this.#state;
  }

  /** Whose seats are to be shown; null: nobody's. */
  look(scheduleId: string | null): void {
    this.#scheduleId = scheduleId;
    this.#change({ seats: null });
    this.#ask();
  }

  end(): void {
    this.#link.end();
  }

  #ask(): void {
    this.#link.send(JSON.stringify({ type: "watch", scheduleId: this.#scheduleId }));
  }

  #hear(raw: unknown): void {
    let frame: ControlFrame;
    try {
      frame = readControlFrame(raw);
    } catch {
      return; // of a newer server: the next deploy of this page understands it
    }
    if (frame.type === "history") {
      const { samples, notice, openAt } = frame;
      this.#change({ samples, notice, openAt, silentSince: null, link: "live" });
    } else if (frame.type === "sample") {
      notePushedTime(frame.sample.at);
      const samples = [...this.#state.get().samples, frame.sample].slice(-MOST_SAMPLES);
      this.#change({ samples, notice: frame.notice, silentSince: null, link: "live" });
    } else if (frame.type === "seats") {
      if (frame.snapshot.scheduleId === this.#scheduleId) this.#change({ seats: frame.snapshot });
    } else if (frame.type === "silent") {
      this.#change({ silentSince: this.#state.get().silentSince ?? Date.now() });
    }
  }

  #change(change: Partial<Watched>): void {
    this.#state.set({ ...this.#state.get(), ...change });
  }
}
