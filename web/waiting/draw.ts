/** Draws the waiting room: the words and numbers of a screen. */
import type { LaneStatus, QueueStatus } from "../calls/queue.ts";
import { timeOfDay } from "../format/time-of-day.ts";
import { language } from "../i18n/language.ts";
import { waitingText } from "../i18n/ko/waiting.ts";
import { serverNow } from "../time/clock.ts";
import { clockText, timeLeft } from "../time/countdown.ts";
import { peopleAhead, seatsShort, waitRange, waitWords } from "./ahead.ts";
import { part, show, write } from "./parts.ts";
import type { Room } from "./room.ts";
import type { Screen } from "./screen.ts";

type Texts = ReturnType<typeof waitingText.get>;

const laneOf = ({ state, status }: Room): LaneStatus | null => status?.lanes[state?.lane ?? 0] ?? status;

/** People ahead now, or null while there is no place. */
export function aheadOf(room: Room): number | null {
  const place = room.state?.place ?? null;
  const lane = laneOf(room);
  return place === null || lane === null ? null : peopleAhead(place, lane.ahead, lane.front);
}

export function count(value: number): string {
  return value.toLocaleString(language.get());
}

export function headline(screen: Screen, t: Texts): readonly [head: string, text: string] {
  return [t[screen], t[`${screen}Text` as const]];
}

const queued = new Set<Screen>(["gathering", "sealed", "waiting", "passed", "paused", "soldout"]);

export function draw(room: Room, initialAhead: number): void {
  const t = waitingText.get();
  const screen = room.screen;
  document.body.dataset["screen"] = screen;
  const [head, text] = headline(screen, t);
  write("headline", head);
  const returnAt = screen === "soldout" ? (room.status?.seatsReturnAt ?? null) : null;
  const soldOut = returnAt === null ? text : t.seatsReturn({ at: timeOfDay(returnAt, language.get()) });
  write("explain", screen === "refused" ? (room.refusal?.title ?? text) : soldOut);
  const inQueue = queued.has(screen) && room.state !== null && room.state.state !== "none";
  show("facts", inQueue);
  if (inQueue) drawFacts(room, t);
  const ahead = aheadOf(room);
  const counted = ahead !== null && (screen === "waiting" || screen === "paused" || screen === "soldout");
  show("figures", counted);
  if (counted) drawProgress(ahead, initialAhead, t);
  show("unlikely", counted && screen !== "soldout" && seatsShort(ahead, room.status?.seatsLeft ?? {}));
  drawGathered(room, t);
  drawNotice(room.status, t);
  drawSeats(screen === "closed" ? null : room.status, t);
  show("enter", screen === "admitted" || screen === "entered");
  write("enter", screen === "entered" ? t.toSeats : t.enter);
  show("join", screen === "ended" || screen === "passed");
  write("join", screen === "passed" ? t.here : t.again);
  show("back", screen === "closed" || screen === "refused");
  write("back", t.back);
  show("leave", inQueue || screen === "admitted" || screen === "entered");
  write("leave", t.leave);
  drawSecond(room);
}

/** How many take part in the draw, for those who do and for those who follow behind. */
function drawGathered({ screen, state, status }: Room, t: Texts): void {
  const draw = screen === "gathering" || screen === "sealed" ? (status?.draw ?? null) : null;
  show("gathered", draw !== null);
  if (draw === null) return;
  const said = state?.place === null ? t.gathered : t.behind;
  write("gathered", said({ n: count(draw.n ?? status?.joined ?? 0) }));
}

function drawFacts(room: Room, t: Texts): void {
  const { state } = room;
  if (state === null) return;
  write("number", state.number === null ? "–" : count(state.number + 1));
  write("place", state.place === null ? t.atOpening : count(state.place + 1));
  write("wait", waitText(room, t));
}

function waitText(room: Room, t: Texts): string {
  const ahead = aheadOf(room);
  const wait = ahead === null ? null : waitRange(ahead, laneOf(room)?.waits ?? []);
  if (wait === null) return "–";
  const said = waitWords(wait);
  if (said.say === "soon") return t.waitSoon;
  if (said.say === "seconds") return t.waitSeconds({ to: said.to });
  return said.say === "minute" ? t.waitMinute({ n: said.n }) : t.waitMinutes({ from: said.from, to: said.to });
}

function drawProgress(ahead: number, initialAhead: number, t: Texts): void {
  write("ahead", t.people({ n: count(ahead) }));
  const bar = part("progress");
  bar.setAttribute("aria-label", t.progress);
  const done = initialAhead <= 0 ? 1 : 1 - ahead / initialAhead;
  bar.setAttribute("value", String(Math.round(Math.min(1, Math.max(0, done)) * 1000)));
}

function drawNotice(status: QueueStatus | null, t: Texts): void {
  const notice = status?.notice ?? "";
  show("notice", notice !== "");
  write("notice", notice === "" ? "" : `${t.notice}: ${notice}`);
}

function drawSeats(status: QueueStatus | null, t: Texts): void {
  const grades = Object.entries(status?.seatsLeft ?? {});
  show("seats", grades.length > 0);
  const list = part("seat-list");
  while (list.children.length > grades.length) list.lastElementChild?.remove();
  grades.forEach(([grade, left], index) => {
    const row = list.children[index] ?? list.appendChild(document.createElement("li"));
    const text = `${t.grade({ grade })} `;
    const amount = left === 0 ? t.gone : t.seatN({ n: count(left) });
    if (row.textContent === text + amount) return;
    const strong = document.createElement("strong");
    strong.textContent = amount;
    row.replaceChildren(text, strong);
  });
}

/** What changes every second: the clocks, the contact line, the title. */
export function drawSecond(room: Room): void {
  const t = waitingText.get();
  const { screen, deadline } = room;
  write("server-time", timeOfDay(serverNow(), language.get()));
  show("clock", deadline !== null);
  const left = Math.max(0, (deadline ?? 0) - serverNow());
  const clock = leftText(left, t);
  if (deadline !== null) {
    write("clock-label", clockLabel(screen, t));
    write("clock-time", clock);
    part("clock").classList.toggle("urgent", screen === "admitted" && left < 30_000);
  }
  const how = room.contact.how;
  part("contact").dataset["how"] = how;
  write("contact-text", contactText(room, t));
  document.title = `${titleStart(room, clock, t)} · TicketPing`;
}

function leftText(left: number, t: Texts): string {
  const parts = timeLeft(left);
  const clock = clockText(parts);
  return parts.days > 0 ? t.days({ days: parts.days, clock }) : clock;
}

function clockLabel(screen: Screen, t: Texts): string {
  if (screen === "admitted") return t.admittedClock;
  if (screen === "entered") return t.enteredClock;
  return screen === "before" ? t.beforeClock : t.openClock;
}

function contactText(room: Room, t: Texts): string {
  const { contact } = room;
  if (room.refusal !== null || room.screen === "closed") return "";
  if (contact.how === "live") return t.live;
  if (contact.how === "polling") return t.polling({ n: contact.everySeconds });
  if (contact.how === "offline") return t.offline;
  if (contact.how === "busy") return t.busy({ n: Math.max(1, Math.ceil((contact.untilMs - serverNow()) / 1000)) });
  return t.connecting;
}

function titleStart(room: Room, clock: string, t: Texts): string {
  const { screen } = room;
  if (screen === "admitted") return `● ${t.admitted} ${clock}`;
  const ahead = aheadOf(room);
  if (screen === "waiting" && ahead !== null) return t.titleAhead({ n: count(ahead) });
  const head = headline(screen, t)[0];
  return room.deadline === null ? head : `${clock} ${head}`;
}
