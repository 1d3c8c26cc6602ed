/** The waiting room. No framework: this page is the one a crowd loads at the same moment. */
import { goToLogin, needsLogin } from "../account.ts";
import { Problem } from "../api.ts";
import { enter } from "../calls/queue.ts";
import { waitingText } from "../i18n/ko/waiting.ts";
import { chooseLanguage, language, translated } from "../i18n/language.ts";
import { speak } from "../page/speak.ts";
import { everySecond } from "../time/ticker.ts";
import { aheadOf, count, draw, drawSecond, headline } from "./draw.ts";
import { part, show, write } from "./parts.ts";
import { Room } from "./room.ts";
import { titleOf } from "./show.ts";

const id = new URLSearchParams(location.search).get("performance") ?? "";
const showPath = `/performance?id=${encodeURIComponent(id)}`;
const room = new Room(id, changed);

let entering = false;
let saidScreen = "";
let saidAheadAt = 0;
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
  draw(room, initialAhead(ahead));
  if (entering) write("enter", waitingText.get().entering);
  sayWhatChanged(ahead);
}

function sayWhatChanged(ahead: number | null): void {
  const t = waitingText.get();
  const { screen } = room;
  if (screen !== saidScreen) {
    saidScreen = screen;
    saidAheadAt = Date.now();
    speak(headline(screen, t).join(". "));
    if (screen === "admitted") {
      part("enter").focus();
      if ("vibrate" in navigator && navigator.userActivation.hasBeenActive) navigator.vibrate([200, 100, 200]);
    }
  } else if (screen === "waiting" && ahead !== null && Date.now() - saidAheadAt > aheadPauseMs) {
    saidAheadAt = Date.now();
    const warn = !warned && !part("unlikely").hidden;
    warned ||= warn;
    speak(t.spokenAhead({ n: count(ahead) }) + (warn ? ` ${t.unlikely}` : ""));
  }
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
    changed();
    speak(error instanceof Problem && error.title !== "" ? error.title : waitingText.get().refusedText);
    room.look();
  }
}

async function goOut(): Promise<void> {
  try {
    await room.leave();
    location.replace(showPath);
  } catch {
    dialog().close();
    speak(waitingText.get().refusedText);
  }
}

function dialog(): HTMLDialogElement {
  const found = part("leave-dialog");
  if (!(found instanceof HTMLDialogElement)) throw new Error("no dialog");
  return found;
}

function drawStill(): void {
  const texts: Readonly<Record<string, unknown>> = waitingText.get();
  for (const target of document.querySelectorAll<HTMLElement>("[data-text]")) {
    const text = texts[target.dataset["text"] ?? ""];
    if (typeof text === "string") target.textContent = text;
  }
  for (const target of document.querySelectorAll<HTMLElement>("[data-label]")) {
    const text = texts[target.dataset["label"] ?? ""];
    if (typeof text === "string") target.setAttribute("aria-label", text);
  }
  const other = language.get() === "ko" ? "en" : "ko";
  part("language").lang = other;
  write("language", other === "en" ? "English" : "한국어");
}

const actions: Readonly<Record<string, () => void>> = {
  enter: () => void goIn(),
  join: () => room.join(),
  leave: () => dialog().showModal(),
  "leave-keep": () => dialog().close(),
  "leave-confirm": () => void goOut(),
  language: () => chooseLanguage(language.get() === "ko" ? "en" : "ko"),
};

async function start(): Promise<void> {
  await translated([waitingText]);
  waitingText.subscribe(() => {
    drawStill();
    changed();
  });
  document.addEventListener("click", (event) => {
    const pressed = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-action]") : null;
    actions[pressed?.dataset["action"] ?? ""]?.();
  });
  if (id === "") {
    write("headline", waitingText.get().noId);
    write("explain", "");
    show("back", true);
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
  write("show", await titleOf(id));
}

void start();
