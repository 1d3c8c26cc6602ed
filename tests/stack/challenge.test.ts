/** Turnstile in front of joining, as a fan meets it: the waiting room leads to the challenge, and that leads back. */
import { afterAll, expect, it } from "vitest";
import { demoFans, demoPassword } from "../../dev/demo/accounts.ts";
import { startTurnstile, type RunningTurnstile } from "../../dev/turnstile.ts";
import { look } from "./axe.ts";
import { startHouse, type House, type Show } from "./house.ts";
import { send } from "./raw.ts";
import { onStage, PHONE, type Stage } from "./stage.ts";

let turnstile: RunningTurnstile;

let stage: Stage;
let house: House;
let show: Show;

onStage(
  async (set) => {
    stage = set;
    ({ house } = set);
    show = await house.open({ title: "확인", rows: 2, columns: 5 });
  },
  async () => {
    turnstile = await startTurnstile(0);
    const settings = {
      TURNSTILE_MODE: "join",
      TURNSTILE_URL: turnstile.url,
      TURNSTILE_SITE_KEY: "site",
      TURNSTILE_SECRET_KEY: "secret",
      TURNSTILE_OUTAGE: "closed",
    };
    return startHouse({ demoData: false, settings });
  },
);

afterAll(async () => {
  await turnstile?.close();
});

it("a fan who wants to wait is asked once, and then waits", async () => {
  const visit = await stage.visit(PHONE);
  const { page } = visit;
  const waiting = `/waiting?performance=${show.id}`;
  await page.goto(`/login?next=${encodeURIComponent(waiting)}`);
  await visit.signIn(demoFans[0].email, demoPassword);
  await page.waitForURL(/\/challenge/);
  await page.waitForSelector("[data-turnstile]");
  expect(await visit.overflow()).toBeLessThanOrEqual(0);
  await look(visit, "challenge", { dark: false });
  await page.click("[data-turnstile]");
  await page.waitForURL(/\/waiting/);
  await page.waitForSelector("#enter:visible");
  // Joining again, in another tab or after a break, asks nobody again.
  await page.reload();
  await page.waitForSelector("#enter:visible");
  // The waiting page's own 401 and 403 are how it learns where to go.
  expect(visit.complaints.filter((line) => !/40[13]/.test(line))).toEqual([]);
});

it("joining without the proof, with somebody else's, or with a token that was used is refused; a fresh one is not", async () => {
  const { origin } = house.where;
  const path = `/api/performances/${show.id}/queue`;
  const [one, two] = await house.members(2);
  const join = (token: string | undefined, more: Readonly<Record<string, string>>) =>
    send(origin, { method: "POST", path, headers: { authorization: `Bearer ${token}`, ...more } });
  expect((await join(one?.token, {})).code).toBe("challenge-required");
  expect((await join(one?.token, { "turnstile-token": "made up" })).code).toBe("challenge-failed");
  const solved = turnstile.token("join");
  const proof = await fetch(new URL("/api/challenge", origin), {
    method: "POST",
    headers: { authorization: `Bearer ${one?.token}`, "content-type": "application/json" },
    body: JSON.stringify({ token: solved }),
  });
  expect(proof.status).toBe(204);
  const cookie = proof.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  expect((await join(two?.token, { cookie })).code).toBe("challenge-required");
  expect((await join(two?.token, { "turnstile-token": solved })).code).toBe("challenge-failed");
  expect((await house.figures(show)).status.joined).toBe(1);
  expect((await join(one?.token, { cookie })).status).toBe(200);
  expect((await join(two?.token, { "turnstile-token": turnstile.token("join") })).status).toBe(200);
});
