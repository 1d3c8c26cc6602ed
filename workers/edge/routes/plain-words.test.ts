/** What somebody without scripts is told, in every state there is: never "1 people", never a wait of nought minutes. */
import { expect, it } from "vitest";
import type { QueueState } from "../../../durable-objects/lobby/contract.ts";
import { sentenceOf, timeOf, words } from "./plain-words.ts";

const now = "2031-05-01T11:00:00.000Z";
type Given = Partial<Omit<QueueState, "status">> & { readonly phase?: QueueState["status"]["phase"] };

/** Somebody waiting in an open sale, unless told otherwise; the frame's other figures are not asked for. */
function standing({ phase = "open", ...given }: Given): QueueState {
  const status = { phase } as QueueState["status"];
  const place = { state: "waiting", number: 4, place: 4, lane: 0, ahead: 3, until: null, revoked: false } as const;
  return { ...place, wait: null, seatsUnlikely: false, pollAfterSeconds: 5, serverTime: now, ...given, status };
}

it.each<[Given, string, string]>([
  [{ state: "none", phase: "scheduled" }, "아직 대기열이 열리기 전입니다.", "The queue is not open yet."],
  [{ state: "none" }, "아직 줄을 서지 않았습니다.", "You are not in the queue yet."],
  [{ phase: "gathering" }, words.ko.gathering, "You have joined. A draw will decide the order."],
  [{ phase: "sealed", ahead: null }, words.ko.gathering, words.en.gathering],
  [{ ahead: 0 }, "바로 다음 순서입니다.", "Nobody is ahead of you: you are next."],
  [{ ahead: 1 }, "앞에 1명이 있습니다.", "One person is ahead of you."],
  [{ ahead: 12_345 }, "앞에 12,345명이 있습니다.", "12,345 people are ahead of you."],
  [{ state: "passed-over" }, words.ko.passed, words.en.passed],
  [{ state: "admitted" }, "입장할 차례입니다!", "It is your turn!"],
  [{ state: "entered", phase: "paused" }, words.ko.entered, words.en.entered],
  [{ state: "ended" }, words.ko.ended, words.en.ended],
  [{ phase: "paused" }, words.ko.paused, words.en.paused],
  [{ state: "none", phase: "soldout" }, words.ko.soldout, words.en.soldout],
  [{ state: "ended", phase: "closed" }, words.ko.closed, words.en.closed],
  [{ state: "admitted", revoked: true }, words.ko.revoked, words.en.revoked],
])("%j is said", (given, korean, english) => {
  expect([sentenceOf(standing(given), words.ko), sentenceOf(standing(given), words.en)]).toEqual([korean, english]);
});

const wait = (fromSeconds: number, toSeconds: number): Given => ({ wait: { fromSeconds, toSeconds } });
const until = (seconds: number): string => new Date(Date.parse(now) + seconds * 1_000).toISOString();

it.each<[Given, string | null]>([
  [{}, null],
  [wait(0, 40), "Your wait: less than a minute"],
  [wait(10, 110), "Your wait: 1–2 minutes"],
  [wait(65, 119), "Your wait: 1–2 minutes"],
  [wait(120, 120), "Your wait: about 2 minutes"],
  [wait(3_000, 4_000), "Your wait: 50–67 minutes"],
  [{ ...wait(60, 600), state: "passed-over" }, null],
  [{ state: "admitted", until: until(59.9) }, "Enter within 59 seconds."],
  [{ state: "admitted", until: until(-3) }, "Enter within 0 seconds."],
  [{ state: "entered", until: until(119) }, "You have 1 minute left."],
  [{ state: "entered", until: until(600) }, "You have 10 minutes left."],
  [{ state: "entered", until: until(20) }, "You have less than a minute left."],
])("%j takes %j", (given, said) => {
  expect(timeOf(standing(given), words.en)).toBe(said);
});
