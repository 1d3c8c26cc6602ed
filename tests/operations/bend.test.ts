/** Objects in trouble, as the edge meets them: told by the platform's own marks, or by silence. Time is the test's own. */
import { generateKeyPairSync } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { PAUSE_MAX_MS } from "../../durable-objects/breaker.ts";
import { dependencies } from "../../workers/calls/dependencies.ts";
import { createApp } from "../../workers/edge/app.ts";
import { keySet } from "../../workers/edge/auth/keys.ts";
import { signAccess } from "../../workers/edge/auth/session.ts";

const app = createApp();
const member = { id: "11111111-1111-4111-8111-111111111111", nickname: "n", role: "member" } as const;
const SESSION_KEYS = keys();
let performances = 0;

function keys(): string {
  const { kty, crv, x, d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return JSON.stringify({ keys: [{ kty, crv, kid: "k", x, d }] });
}

/** A deployment whose lobbies do as they are told. */
function deployment(answer: () => Promise<unknown>) {
  const asked: string[] = [];
  const unlimited = { limit: () => Promise.resolve({ success: true }) };
  const facts = { published: true, lobbies: 1, bookingLobbies: 1, lanes: [], entryKey: "ab".repeat(32) };
  const identities = { by: null, lanes: [], verifier: null, version: 0 };
  const env = {
    ...{ SESSION_KEYS, PASS_KEYS: keys(), TICKET_KEYS: keys(), ALLOWED_ORIGINS: "", PAYMENTS_MODE: "sandbox" },
    ...{ RATE_ADDRESS: unlimited, RATE_MEMBER: unlimited, RATE_ACCOUNT: unlimited, RATE_SIGN_IN: unlimited },
    PERFORMANCE: { getByName: () => ({ facts: () => Promise.resolve({ ...facts, identities }) }) },
    LOBBY: {
      getByName: (name: string) => ({
        look: () => {
          asked.push(name);
          return answer();
        },
      }),
    },
    METER: { getByName: () => ({ add: () => Promise.resolve() }) },
  };
  const token = keySet(SESSION_KEYS).then((set) => signAccess(set, member, Date.now(), 3_600_000));
  const context = { waitUntil: () => undefined, passThroughOnException: () => undefined, props: {} };
  const look = async (id: string): Promise<Response> => {
    const headers = { authorization: `Bearer ${await token}` };
    return app.request(`/api/performances/${id}/queue`, { headers }, env, context);
  };
  return { asked, look };
}

/** Nobody remembers one of another test. */
const performance = (): string => `${String(++performances).padStart(8, "0")}-0000-4000-8000-000000000bed`;

/** Lets time pass until there is an answer: what is really asynchronous (signatures) has its own. */
async function settled<T>(answer: Promise<T>): Promise<T> {
  const state = { done: false };
  const mark = (): void => void (state.done = true);
  answer.then(mark, mark);
  while (!state.done) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(100);
  }
  return answer;
}

const overloaded = (): Promise<never> => Promise.reject(Object.assign(new Error("too many"), { overloaded: true }));
const moved = (): Promise<never> => Promise.reject(Object.assign(new Error("reset"), { retryable: true }));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a lobby that is overloaded", () => {
  it("is 503 with a pause, asked once a request, then not at all for a moment; other lobbies are asked as before", async () => {
    const [crowded, quiet] = [performance(), performance()];
    const { asked, look } = deployment(overloaded);
    for (let request = 1; request <= 20; request++) {
      const answer = await look(crowded);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ code: "overloaded" });
      expect(Number(answer.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(Number(answer.headers.get("retry-after"))).toBeLessThanOrEqual(4);
    }
    expect(asked).toHaveLength(5);
    await look(quiet);
    expect(asked.at(-1)).toContain(quiet);
    vi.setSystemTime(Date.now() + PAUSE_MAX_MS);
    await look(crowded);
    expect(asked.at(-1)).toContain(crowded);
  });
});

describe("a lobby that was moved", () => {
  it("is asked again at once, on a new stub, and nobody notices", async () => {
    let calls = 0;
    const state = { state: "none", pollAfterSeconds: 5, status: {} };
    const { asked, look } = deployment(() => (++calls === 1 ? moved() : Promise.resolve(state)));
    expect((await settled(look(performance()))).status).toBe(200);
    expect(asked).toHaveLength(2);
  });
});

describe("a lobby that never answers", () => {
  it("is 504 at the deadline: the same request may be sent again", async () => {
    const { look } = deployment(() => new Promise(() => undefined));
    const before = Date.now();
    const response = await settled(look(performance()));
    expect(Date.now() - before).toBeGreaterThanOrEqual(dependencies.lobby);
    expect(response.status).toBe(504);
    expect(await response.json()).toMatchObject({ code: "no-answer-in-time", status: 504 });
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
  });

  it("one slow answer among many is one person's, and nobody else's", async () => {
    let calls = 0;
    const state = { state: "none", pollAfterSeconds: 5, status: {} };
    const { asked, look } = deployment(() => (++calls === 3 ? new Promise(() => undefined) : Promise.resolve(state)));
    const id = performance();
    const answers = Array.from({ length: 30 }, () => look(id));
    const statuses = (await settled(Promise.all(answers))).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(29);
    expect((await look(id)).status).toBe(200);
    expect(asked).toHaveLength(31);
  });
});
