/** The waiting room. No framework and no library: this page is the one a crowd loads at the same moment. */
import { goToLogin, needsLogin } from "../account.ts";
import { Problem } from "../api.ts";
import { enter } from "../calls/queue.ts";
import { speak } from "../page/speak.ts";
import { everySecond } from "../time/ticker.ts";
import type { Bell } from "./bell.ts";
import { aheadOf, count, draw, drawSecond, headline, seatsUnlikely } from "./draw.ts";
import { part, write } from "./parts.ts";
import { Room } from "./room.ts";
import { type Show, showOf } from "./show.ts";
import { drawSurroundings } from "./surroundings.ts";
import { changeLanguage, language, speakAsKept, word, writeWords } from "./words.ts";

const id = new URLSearchParams(location.search).get("performance") ?? "";
const showPath = `/performance?id=${encodeURIComponent(id)}`;
const room = new Room(id, changed);

let performance: Show | null = null;
let bell: Bell | null = null;
let entering = false;
let saidScreen = "";
let saidAheadAt = 0;
let saidNotice = "";
/** That seats may run out is said once. */
let warned = false;
const aheadPauseMs = 30_000;

/** How many were ahead when this tab first knew: the start of the progress bar, also after a reload. */
function initialAhead(ahead: number | null): number {
  const slot = `ticketping-ahead:${id}:${room.state?.number ?? ""}`;
  if (ahead === null) return 0;
  try {
    const kept = Number(sessionStorage.getItem(slot) ?? "0");
    if (kept >= ahead) return kept;
    sessionStorage.setItem(slot, String(ahead));
  } catch {
    // Without storage the bar starts anew after a reload.
  }
  return ahead;
}

function changed(): void {
  const ahead = aheadOf(room);
  draw(room, initialAhead(ahead), bell !== null);
  drawSurroundings(room, performance);
  if (entering) write("enter", word("entering"));
  sayWhatChanged(ahead);
}

function sayWhatChanged(ahead: number | null): void {
  const { screen } = room;
  const notice = room.status?.notice ?? "";
  if (screen !== saidScreen) {
    saidScreen = screen;
    saidAheadAt = Date.now();
    speak(headline(screen).join(". "));
    if (screen === "admitted") callBack();
  } else if (notice !== saidNotice) {
    saidNotice = notice;
    if (notice !== "") speak(part("notice").innerText);
  } else if (screen === "waiting" && ahead !== null && Date.now() - saidAheadAt > aheadPauseMs) {
    saidAheadAt = Date.now();
    const warn = !warned && seatsUnlikely(room);
    warned ||= warn;
    speak(word("spokenAhead", { n: count(ahead) }) + (warn ? ` ${word("unlikely")}` : ""));
  }
}

/** It is their turn, and they may be looking elsewhere. */
function callBack(): void {
  part("enter").focus();
  if ("vibrate" in navigator && navigator.userActivation.hasBeenActive) navigator.vibrate([200, 100, 200]);
  void bell?.ring(...headline("admitted"));
}

async function switchBell(): Promise<void> {
  const before = bell;
  bell = null;
  try {
    if (before !== null) await before.silence();
    else {
      const { Bell: New } = await import("./bell.ts");
      bell = new New();
      await bell.arm();
    }
  } catch {
    speak(word("refusedText"));
  }
  changed();
}

async function goIn(): Promise<void> {
  if (entering) return;
  entering = true;
  changed();
  try {
    await enter(id);
    location.assign(`/seats?performance=${encodeURIComponent(id)}`);
  } catch (error) {
    entering = false;
    if (error instanceof Problem && needsLogin(error.code)) return goToLogin();
    if (room.declined(error)) return;
    changed();
    speak(error instanceof Problem && error.title !== "" ? error.title : word("refusedText"));
    room.look();
  }
}

async function askToLeave(): Promise<void> {
  const words = { title: word("leaveTitle"), text: word("leaveText"), stay: word("stay"), leave: word("leave") };
  try {
    (await import("./leaving.ts")).askToLeave(words, () => void goOut());
  } catch {
    speak(word("refusedText"));
  }
}

async function goOut(): Promise<void> {
  try {
    await room.leave();
    location.replace(showPath);
  } catch {
    speak(word("refusedText"));
  }
}

function drawAll(): void {
  writeWords();
  const other = language() === "ko" ? "en" : "ko";
  part("language").lang = other;
  write("language", other === "en" ? "English" : "한국어");
  changed();
}

const actions: Readonly<Record<string, () => void>> = {
  enter: () => void goIn(),
  join: () => room.join(),
  alert: () => void switchBell(),
  leave: () => void askToLeave(),
  language: () =>
    void changeLanguage().then(() => {
      drawAll();
      // Why one cannot join is in the server's words: asked again, they are in this language.
      if (room.screen === "refused" && id !== "") room.join();
    }),
};

async function start(): Promise<void> {
  await speakAsKept();
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-action]") : null;
    actions[pressed?.dataset["action"] ?? ""]?.();
  });
  drawAll();
  if (id === "") {
    room.declined(new Problem(404, { code: "not-found" }, null));
    return;
  }
  part("back").setAttribute("href", showPath);
  part("how").setAttribute("href", `/draw${location.search}`);
  everySecond(() => drawSecond(room));
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    entering = false;
    room.look();
  });
  room.join();
  performance = await showOf(id);
  changed();
}

void start();
