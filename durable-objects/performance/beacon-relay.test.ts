/** Relays of the beacon: any may hand over the round, and one that hangs may not keep the others from their turn. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Guard } from "../guard.ts";
import { signatureDue } from "./beacon-relay.ts";
import { CallCounts } from "./call-counts.ts";
import { emptyState } from "./state.ts";
import { publishRequest } from "../../tests/simulation/charts.ts";

const signature = "ab".repeat(48);
const chain = { hash: "cd".repeat(32), publicKey: "", genesis: 0, periodSeconds: 3 } as never;

function waitingForRound() {
  const state = emptyState("p");
  state.settings = { ...publishRequest().settings, openAt: 0, beacon: { chain, round: 1 } };
  state.draw = { sealed: {}, beacon: null, drawn: null } as never;
  return state;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const relays = "https://hangs.example, https://fails.example,https://works.example";
const due = (guard: Guard): Promise<string | null> => signatureDue(guard, waitingForRound(), relays, 10_000);

function stubRelays(works: () => Response): string[] {
  const hosts: string[] = [];
  vi.stubGlobal("fetch", (url: URL) => {
    hosts.push(url.hostname);
    if (url.hostname === "hangs.example") return new Promise(() => undefined);
    return Promise.resolve(url.hostname === "fails.example" ? new Response("", { status: 500 }) : works());
  });
  return hosts;
}

test("the round comes from whoever has it, at once, whatever the other relays do", async () => {
  const hosts = stubRelays(() => Response.json({ round: 1, signature }));
  const counts = new CallCounts();
  const guard = new Guard(counts);
  // No time passes: nobody waits for the one that hangs.
  for (let attempt = 0; attempt < 8; attempt++) expect(await due(guard)).toBe(signature);
  // The one that fails is left in peace after a few times.
  expect(hosts.filter((host) => host === "fails.example")).toHaveLength(5);
  expect(hosts.filter((host) => host === "works.example")).toHaveLength(8);
  expect(counts.read().ended["beacon"]).toMatchObject({ failed: 5, refused: 3, ok: 8 });
});

test("a round nobody has yet is nobody's failure, and is asked for again", async () => {
  const hosts = stubRelays(() => new Response("", { status: 404 }));
  const counts = new CallCounts();
  const guard = new Guard(counts);
  for (let attempt = 0; attempt < 8; attempt++) {
    const asked = due(guard);
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await asked).toBeNull();
  }
  expect(hosts.filter((host) => host === "works.example")).toHaveLength(8);
  expect(counts.read().ended["beacon"]).toMatchObject({ ok: 8 });
});

test("a relay that answers more than there is to say is one that failed, and the others have their turn", async () => {
  const tooMuch = JSON.stringify({ round: 1, signature }) + " ".repeat(64 * 1_024);
  const hosts = stubRelays(() => new Response(tooMuch));
  const counts = new CallCounts();
  const asked = due(new Guard(counts));
  await vi.advanceTimersByTimeAsync(3_000);
  expect(await asked).toBeNull();
  expect(counts.read().ended["beacon"]).toMatchObject({ failed: 2, late: 1 });
  expect(hosts).toHaveLength(3);
});
