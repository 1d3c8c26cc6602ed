/** One person choosing seats for one schedule: what is picked, held and lost, and what goes to the server. */
import { atom } from "nanostores";
import { goToLogin } from "../account.ts";
import { Problem } from "../api.ts";
import {
  type Alternative,
  alternativeIn,
  type BestWish,
  type Hold,
  type HoldWish,
  listHolds,
  placeHold,
  releaseHold,
} from "../calls/booking.ts";
import { placeOrder } from "../calls/orders.ts";
import type { HallPlan, Schedule } from "../calls/performances.ts";
import type { QueueState } from "../calls/queue.ts";
import { seatsText } from "../i18n/ko/seats.ts";
import { isStranger, sentenceOf } from "../page/sentence.ts";
import { speak } from "../page/speak.ts";
import { Board } from "./board.ts";
import { atFirst, type BookingState } from "./booking-state.ts";
import { type Choice, heldIndexes, lostSeats, markOf, nothingChosen, toggle } from "./choice.ts";
import { type Hall, hallOf, type HallSeat } from "./hall.ts";
import { keepHold, keepOrder, keptHold } from "./kept.ts";
import { fullName, shortName } from "./seat-name.ts";
import { type Mark, type Trait, traitOf } from "./marks.ts";
import type { Look, SeatView } from "./seat-view.ts";
import { keepSeatCode, keptSeatCode } from "./seat-code.ts";
import { leftAlone } from "./single-seats.ts";
import { Watch } from "./watch.ts";

export interface BookingOptions {
  readonly performanceId: string;
  readonly schedule: Schedule;
  readonly plan: HallPlan;
  readonly limit: number;
  readonly noSingleSeats: boolean;
  readonly sessionUntil: number;
  /** Seats that were picked on the plan before this one, by id; null: this is the first. */
  readonly picked: readonly string[] | null;
  /** The hall was changed: this booking ends, and one on the new plan goes on from what was picked. */
  readonly onChart: (version: number, picked: readonly string[]) => void;
}

/** The session is over for these, whatever was asked. */
const endings = new Set(["pass-expired", "pass-missing", "pass-invalid", "session-ended", "member-revoked"]);

export class Booking {
  readonly hall: Hall;
  readonly options: BookingOptions;
  /** What is particular about some seats of this hall. */
  readonly traits: readonly Trait[];
  readonly #board: Board;
  readonly #watch: Watch;
  #view: SeatView | null = null;
  #picked: ReadonlySet<number> = new Set();
  #held: ReadonlySet<number> = new Set();
  readonly state = atom<BookingState>(atFirst);

  constructor(options: BookingOptions) {
    this.options = options;
    this.hall = hallOf(options.plan);
    this.traits = [...new Set(this.hall.seats.map(traitOf))];
    this.#board = new Board(this.hall);
    const code = keptSeatCode(options.performanceId);
    this.#board.withCode = code !== "";
    const picked = (options.picked ?? []).flatMap((id) => this.hall.indexOf.get(id) ?? []);
    this.#picked = new Set(picked);
    this.#change({ code, sessionUntil: options.sessionUntil, choice: { picked, holds: [] } });
    if (options.picked !== null) this.#say(seatsText.get().planChanged);
    this.#watch = new Watch({
      performanceId: options.performanceId,
      scheduleId: options.schedule.id,
      board: this.#board,
      chart: options.plan.chartVersion,
      onChart: (version) => this.#newChart(version),
      onSeats: (changed) => this.#seatsChanged(changed),
      onStanding: (standing) => this.#standing(standing),
      onLive: (live) => this.#change({ live }),
      onFailure: (error) => this.#failed(error, ""),
    });
    void this.#watch.refresh();
    void this.#restoreHolds();
  }

  end(): void {
    this.#watch.end();
  }

  #newChart(version: number): void {
    this.end();
    const { picked } = this.state.get().choice;
    this.options.onChart(
      version,
      picked.flatMap((index) => this.hall.seats[index]?.id ?? []),
    );
  }

  get severalSections(): boolean {
    return this.hall.sections.length > 1;
  }

  show(view: SeatView | null): void {
    this.#view = view;
  }

  readonly markOf = (index: number): Mark => markOf(index, this.#board, this.#picked, this.#held);

  readonly freeInSection = (index: number): number => this.#board.freeInSection(index);

  readonly isSectionOpen = (index: number): boolean => this.#board.isSectionOpen(index);

  readonly freeInZone = (index: number): number => this.state.get().freeInZones[index] ?? 0;

  readonly look = (seat: HallSeat): Look => {
    const mark = this.markOf(seat.index);
    return { mark, name: fullName(seat, this.severalSections, this.options.plan.currency, mark) };
  };

  readonly press = (index: number): void => {
    const { choice, busy, over } = this.state.get();
    if (busy !== null || over) return;
    const t = seatsText.get();
    const toggled = toggle(choice, index, this.#board, this.options.limit);
    if (toggled.result === "changed") {
      this.#choose(toggled.choice, [index]);
      this.#change({ message: "", offer: null });
      const seat = this.hall.seats[index];
      const picked = toggled.choice.picked.includes(index);
      if (seat !== undefined)
        speak(
          `${shortName(seat, false)} ${picked ? t.picked : t.free}. ${t.count({ n: toggled.choice.picked.length })}`,
        );
    } else if (toggled.result === "over-limit") this.#say(t.limit({ n: this.options.limit }));
    else if (toggled.result === "holding") this.#say(t.releaseFirst);
    else if (!this.#held.has(index)) {
      const seat = this.hall.seats[index];
      if (seat !== undefined) speak(this.look(seat).name);
    }
  };

  async hold(): Promise<void> {
    const { choice, accessible } = this.state.get();
    if (choice.picked.length === 0) return;
    const ids = choice.picked.flatMap((index) => this.hall.seats[index]?.id ?? []);
    await this.#ask({ seats: ids.toSorted(), ...(accessible ? { accessible } : {}) }, choice);
  }

  /** Places to stand are held at once: there is nothing to pick among them. */
  async holdZone(zone: string, count: number): Promise<void> {
    await this.#ask({ zones: [{ zone, count }] });
  }

  async holdBest(best: BestWish): Promise<void> {
    const { accessible } = this.state.get();
    await this.#ask({ best, ...(accessible ? { accessible } : {}) });
  }

  /** The seats that were offered instead of those that were gone. */
  async holdOffer({ seats }: Alternative): Promise<void> {
    const { accessible } = this.state.get();
    const picked = seats.flatMap(({ id }) => this.hall.indexOf.get(id) ?? []);
    const wish = { seats: seats.map(({ id }) => id).toSorted(), ...(accessible ? { accessible } : {}) };
    await this.#ask(wish, { picked, holds: [] });
  }

  setAccessible(accessible: boolean): void {
    this.#change({ accessible });
    this.#choose(this.state.get().choice, []);
  }

  /** From now on every wish goes with this code; with none, what only a code could open is picked no more. */
  setCode(written: string): void {
    const code = written.trim();
    const { choice, code: before } = this.state.get();
    if (code === before) return;
    keepSeatCode(this.options.performanceId, code);
    this.#board.withCode = code !== "";
    this.#change({ code, message: "", offer: null });
    const lost = lostSeats(choice, this.#board);
    this.#choose({ ...choice, picked: choice.picked.filter((index) => !lost.includes(index)) }, []);
    this.#view?.paint();
    const t = seatsText.get();
    speak(code === "" ? t.codeDropped : t.codeOn);
  }

  async #ask(wish: HoldWish, choice: Choice = nothingChosen): Promise<void> {
    if (this.state.get().busy !== null) return;
    this.#change({ busy: "hold", message: "", offer: null, why: null });
    const { code } = this.state.get();
    const coded = code === "" ? wish : { ...wish, code };
    try {
      const { hold, why } = await placeHold(this.options.performanceId, this.options.schedule.id, coded);
      keepHold(this.options.performanceId, hold.id);
      this.#choose({ picked: [], holds: [hold] }, this.state.get().choice.picked);
      this.#change({ why });
      speak(`${seatsText.get().held} ${hold.seats.map((seat) => shortName(seat, this.severalSections)).join(", ")}`);
      this.#showHeld();
    } catch (error) {
      if (error instanceof Problem && error.code === "seats-taken") await this.#nameTaken(choice, error);
      else if (error instanceof Problem && error.code === "seats-blocked") this.#nameBlocked(choice, error);
      else {
        if (error instanceof Problem && error.code === "code-not-valid") this.setCode("");
        this.#failed(error, this.#refusal(error));
        // The answer may have been lost on its way: then the hold is there.
        if (!(error instanceof Problem)) await this.#restoreHolds();
        else void this.#watch.refresh();
      }
    } finally {
      this.#change({ busy: null });
    }
  }

  #refusal(error: unknown): string {
    const t = seatsText.get();
    if (!(error instanceof Problem)) return sentenceOf(error);
    const { together } = error.evidence;
    if (error.code === "not-together" && typeof together === "number")
      return together > 0 ? t.notTogether({ n: together }) : t.noneLikeThat;
    return sentenceOf(error);
  }

  /** The conflict names the seats; a fresh snapshot says the same even where the answer does not. */
  async #nameTaken(choice: Choice, problem: Problem): Promise<void> {
    const seats = problem.evidence["seats"];
    const named = new Set<unknown>(Array.isArray(seats) ? seats : []);
    const gone = new Set(choice.picked.filter((index) => named.has(this.hall.seats[index]?.id)));
    await this.#watch.refresh();
    for (const index of lostSeats(choice, this.#board)) gone.add(index);
    this.#choose({ ...choice, picked: choice.picked.filter((index) => !gone.has(index)) }, choice.picked);
    const names = [...gone].flatMap((index) => this.#nameOf(index));
    this.#change({ offer: alternativeIn(problem.evidence) });
    this.#say(names.length === 0 ? sentenceOf(problem) : seatsText.get().lost({ seats: names.join(", ") }));
  }

  /** Kept for others: this code does not open them. */
  #nameBlocked(choice: Choice, problem: Problem): void {
    const named = problem.evidence["seats"];
    const kept = choice.picked.filter((index) => Array.isArray(named) && named.includes(this.hall.seats[index]?.id));
    this.#choose({ ...choice, picked: choice.picked.filter((index) => !kept.includes(index)) }, choice.picked);
    const seats = kept.flatMap((index) => this.#nameOf(index)).join(", ");
    this.#say(seats === "" ? sentenceOf(problem) : seatsText.get().notOpened({ seats }));
    void this.#watch.refresh();
  }

  async release(hold: Hold): Promise<void> {
    if (this.state.get().busy !== null) return;
    this.#change({ busy: "release", message: "" });
    try {
      await releaseHold(this.options.performanceId, hold.id);
      this.#dropHold(hold);
      this.#say(seatsText.get().released);
    } catch (error) {
      if (error instanceof Problem && error.code === "hold-not-found") this.#dropHold(hold);
      this.#failed(error, sentenceOf(error));
    } finally {
      this.#change({ busy: null });
    }
  }

  async order(hold: Hold): Promise<void> {
    if (this.state.get().busy !== null) return;
    this.#change({ busy: "order", message: "" });
    try {
      const order = await placeOrder(this.options.performanceId, hold.id);
      keepOrder(this.options.performanceId, order.id);
      location.assign(`/checkout?order=${encodeURIComponent(order.id)}`);
    } catch (error) {
      this.#change({ busy: null });
      if (error instanceof Problem && (error.code === "hold-expired" || error.code === "hold-not-found"))
        this.holdOver(hold);
      else this.#failed(error, sentenceOf(error));
    }
  }

  holdOver(hold: Hold): void {
    if (this.state.get().busy === "order") return;
    this.#dropHold(hold);
    this.#say(seatsText.get().holdOver);
    void this.#watch.refresh();
  }

  sessionOver(): void {
    if (this.state.get().over) return;
    this.#change({ over: true });
    this.end();
    speak(seatsText.get().sessionOver);
  }

  async #restoreHolds(): Promise<void> {
    try {
      const holds = await listHolds(this.options.performanceId);
      const { choice } = this.state.get();
      const [first] = holds;
      if (first !== undefined) {
        keepHold(this.options.performanceId, first.id);
        if (choice.holds.length === 0) this.#choose({ picked: [], holds }, choice.picked);
      } else if (choice.holds.length === 0 && keptHold(this.options.performanceId) !== null) {
        keepHold(this.options.performanceId, null);
        this.#say(seatsText.get().holdGone);
      }
    } catch (error) {
      this.#failed(error, "");
    }
  }

  #dropHold(hold: Hold): void {
    const { choice } = this.state.get();
    keepHold(this.options.performanceId, null);
    this.#choose({ ...choice, holds: choice.holds.filter((other) => other.id !== hold.id) }, []);
    void this.#watch.refresh();
  }

  #nameOf(index: number): readonly string[] {
    const seat = this.hall.seats[index];
    return seat === undefined ? [] : [shortName(seat, this.severalSections)];
  }

  #seatsChanged(changed: readonly number[]): void {
    const { choice, busy } = this.state.get();
    const lost = busy === "hold" ? [] : lostSeats(choice, this.#board);
    if (lost.length > 0) {
      this.#choose({ ...choice, picked: choice.picked.filter((index) => !lost.includes(index)) }, lost);
      this.#say(seatsText.get().lostOne({ seat: lost.flatMap((index) => this.#nameOf(index)).join(", ") }));
    }
    const freeInZones = this.#board.freeInZones();
    if (changed.length === 0 && freeInZones.join() === this.state.get().freeInZones.join()) return;
    const { choice: now, accessible } = this.state.get();
    this.#change({
      freeByGrade: this.#board.freeByGrade(),
      freeInZones,
      alone: this.#aloneIn(now, accessible),
    });
    this.#view?.paint(changed);
  }

  #standing(standing: QueueState): void {
    if (standing.state === "ended") this.sessionOver();
    else if (standing.state === "entered" && standing.until !== null) this.#change({ sessionUntil: standing.until });
  }

  #choose(choice: Choice, repaint: readonly number[]): void {
    const before = this.#held;
    this.#picked = new Set(choice.picked);
    this.#held = heldIndexes(this.hall, choice);
    const { accessible } = this.state.get();
    const alone = this.#aloneIn(choice, accessible);
    this.#change(choice.holds.length > 0 ? { choice, alone } : { choice, alone, why: null });
    this.#view?.paint(new Set([...repaint, ...before, ...this.#held]));
  }

  #aloneIn({ picked }: Choice, accessible: boolean): readonly number[] {
    // Which kept seats a code opens only the server knows, and so which would be left alone.
    if (this.state.get().code !== "") return [];
    return this.options.noSingleSeats ? leftAlone(this.hall, this.#board, picked, accessible) : [];
  }

  /** Where on the plan the best there was is. */
  #showHeld(): void {
    const [first] = this.#held;
    if (first !== undefined) this.#view?.bring(first);
  }

  #failed(error: unknown, sentence: string): void {
    if (isStranger(error)) goToLogin();
    else if (error instanceof Problem && endings.has(error.code)) this.sessionOver();
    else if (sentence !== "") this.#say(sentence);
  }

  #say(message: string): void {
    this.#change({ message });
    speak(message);
  }

  #change(change: Partial<BookingState>): void {
    this.state.set({ ...this.state.get(), ...change });
  }
}
