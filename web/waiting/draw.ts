/** Draws the waiting room: the words and numbers of a screen. Every part has its place, so nothing moves when they change. */
import type { LaneStatus } from "../calls/queue.ts";
import { timeOfDay } from "../format/time-of-day.ts";
import { serverNow } from "../time/clock.ts";
import { clockText, timeLeft } from "../time/countdown.ts";
import { peopleAhead, seatsShort, waitRange, waitWords } from "./ahead.ts";
import { part, show, write } from "./parts.ts";
import type { Room } from "./room.ts";
import type { Screen } from "./screen.ts";
import { language, word } from "./words.ts";

const laneOf = ({ state, status }: Room): LaneStatus | null => status?.lanes[state?.lane ?? 0] ?? status;

/** People ahead now, or null while there is no place. */
export function aheadOf(room: Room): number | null {
  const place = room.state?.place ?? null;
  const lane = laneOf(room);
  return place === null || lane === null ? null : peopleAhead(place, lane.ahead, lane.front);
}

export function count(value: number): string {
  return value.toLocaleString(language());
}

export function headline(screen: Screen): readonly [head: string, text: string] {
  return [word(screen), word(`${screen}Text` as const)];
}

const queued = new Set<Screen>(["gathering", "sealed", "waiting", "passed", "paused", "soldout"]);
const inside = new Set<Screen>(["admitted", "entered"]);
const over = new Set<Screen>(["closed", "left", "revoked", "refused"]);

/** More people are ahead than seats are left. */
export function seatsUnlikely(room: Room): boolean {
  const { screen } = room;
  const ahead = aheadOf(room);
  return (
    (screen === "waiting" || screen === "paused") && ahead !== null && seatsShort(ahead, room.status?.seatsLeft ?? {})
  );
}

/** `calls`: somebody who looks elsewhere will be called. */
export function draw(room: Room, initialAhead: number, calls: boolean): void {
  const { screen, state } = room;
  document.body.dataset["screen"] = screen;
  write("headline", word(screen));
  write("explain", explanation(room));
  part("explain").classList.toggle("warned", seatsUnlikely(room));
  const inQueue = queued.has(screen) && state !== null && state.state !== "none";
  show("facts", !over.has(screen));
  drawFacts(room, inQueue);
  const ahead = aheadOf(room);
  const counted = ahead !== null && (screen === "waiting" || screen === "paused" || screen === "soldout");
  show("figures", counted);
  if (counted) drawProgress(ahead, initialAhead);
  drawGathered(room);
  show("enter", inside.has(screen));
  write("enter", word(screen === "entered" ? "toSeats" : "enter"));
  show("join", screen === "ended" || screen === "left" || screen === "passed");
  write("join", word(screen === "passed" ? "here" : "again"));
  show("back", over.has(screen));
  show("alert", inQueue && screen !== "passed");
  write("alert", word(calls ? "alerting" : "alert"));
  part("alert").setAttribute("aria-pressed", String(calls));
  show("leave", inQueue || inside.has(screen));
  drawSecond(room);
}

function explanation(room: Room): string {
  const { screen, status, refusal } = room;
  const returnAt = screen === "soldout" ? (status?.seatsReturnAt ?? null) : null;
  if (returnAt !== null) return word("seatsReturn", { at: timeOfDay(returnAt, language()) });
  if (seatsUnlikely(room)) return word("unlikely");
  if (screen === "refused") return refusal?.title || word("noId");
  return headline(screen)[1];
}

/** How many take part in the draw, for those who do and for those who follow behind. */
function drawGathered({ screen, state, status }: Room): void {
  const draw = screen === "gathering" || screen === "sealed" ? (status?.draw ?? null) : null;
  show("gathered", draw !== null);
  if (draw === null) return;
  write("gathered", word(state?.place === null ? "gathered" : "behind", { n: count(draw.n ?? status?.joined ?? 0) }));
}

function drawFacts(room: Room, inQueue: boolean): void {
  const { number = null, place = null } = room.state ?? {};
  write("number", number === null ? "–" : count(number + 1));
  write("place", place !== null ? count(place + 1) : inQueue ? word("atOpening") : "–");
  write("wait", inQueue ? waitText(room) : "–");
}

function waitText(room: Room): string {
  const ahead = aheadOf(room);
  const wait = ahead === null ? null : waitRange(ahead, laneOf(room)?.waits ?? []);
  if (wait === null) return "–";
  const { say, ...values } = waitWords(wait);
  return word(say, values);
}

function drawProgress(ahead: number, initialAhead: number): void {
  write("ahead", word("people", { n: count(ahead) }));
  const done = initialAhead <= 0 ? 1 : 1 - ahead / initialAhead;
  part("progress").setAttribute("value", String(Math.round(Math.min(1, Math.max(0, done)) * 1000)));
}

/** What changes every second: the clocks, the contact line, title and icon of the tab. */
export function drawSecond(room: Room): void {
  const { screen, deadline } = room;
  write("server-time", timeOfDay(serverNow(), language()));
  show("clock", deadline !== null);
  const left = Math.max(0, (deadline ?? 0) - serverNow());
  const clock = leftText(left);
  if (deadline !== null) {
    write("clock-label", clockLabel(screen));
    write("clock-time", clock);
    part("clock").classList.toggle("urgent", screen === "admitted" && left < 30_000);
  }
  part("contact").dataset["how"] = room.contact.how;
  write("contact-text", contactText(room));
  document.title = `${titleStart(room, clock)} · TicketPing`;
  const icon = inside.has(screen)
    ? "turn"
    : over.has(screen) || screen === "paused" || screen === "soldout"
      ? "still"
      : "favicon";
  part("icon").setAttribute("href", `/${icon}.svg`);
}

function leftText(left: number): string {
  const parts = timeLeft(left);
  const clock = clockText(parts);
  return parts.days > 0 ? word("days", { days: parts.days, clock }) : clock;
}

function clockLabel(screen: Screen): string {
  if (screen === "admitted" || screen === "entered" || screen === "before") return word(`${screen}Clock`);
  return word("openClock");
}

function contactText({ contact, screen }: Room): string {
  if (over.has(screen)) return "";
  if (contact.how === "polling") return word("polling", { n: contact.everySeconds });
  if (contact.how !== "busy") return word(contact.how);
  return word("busy", { n: Math.max(1, Math.ceil((contact.untilMs - serverNow()) / 1000)) });
}

function titleStart(room: Room, clock: string): string {
  const { screen } = room;
  if (screen === "admitted") return `● ${word("admitted")} ${clock}`;
  const ahead = aheadOf(room);
  if (screen === "waiting" && ahead !== null) return word("titleAhead", { n: count(ahead) });
  return room.deadline === null ? word(screen) : `${clock} ${word(screen)}`;
}
