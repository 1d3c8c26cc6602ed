/** Both objects in workerd: real storage, real alarms, eviction, hibernating sockets, the real lobby in between. */
import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { lobbyName, type LobbyContract } from "../../durable-objects/lobby/contract.ts";
import { entryBytes, entryOf, lobbyOf } from "../../durable-objects/performance/admission/entry.ts";
import { codeIdentity } from "../../durable-objects/performance/admission/identity.ts";
import type {
  Command,
  PerformanceContract,
  PublishRequest,
  Reply,
} from "../../durable-objects/performance/contract.ts";
import type { Environment } from "../../workers/environment.ts";
import { publishRequest, SCHEDULE_ID } from "../simulation/charts.ts";

const bindings = env as unknown as Environment;
const KEY = "ab".repeat(32);
const ann = "11111111-1111-4111-8111-111111111111";
const ben = "22222222-2222-4222-8222-222222222222";

/** The platform's own stub of an object, for the test tools that evict it or run its alarm. */
function stub<Contract>(object: Contract): DurableObjectStub {
  return object as unknown as DurableObjectStub;
}

async function published(
  settings: Partial<PublishRequest["settings"]> = {},
): Promise<{ id: string; object: PerformanceContract }> {
  const id = crypto.randomUUID();
  const object = bindings.PERFORMANCE.getByName(id);
  const request = publishRequest({ openAt: Date.now() - 1_000, closeAt: Date.now() + 86_400_000, ...settings });
  expect(await object.publish({ ...request, performanceId: id })).toMatchObject({ ok: true, phase: "open", seats: 50 });
  return { id, object };
}

async function ask(object: PerformanceContract, command: Command): Promise<Reply> {
  const { replies } = await object.execute({ lobby: null, incarnation: 0, sequence: 0, commands: [command] });
  const reply = replies[0];
  if (reply === undefined) throw new Error("no reply");
  return reply;
}

const entry = (member: string): string => entryOf(KEY, member);
const join = (member: string): Command => ({ kind: "join", entries: entryBytes(entry(member)) });
const enter = (member: string): Command => ({ kind: "enter", entry: entry(member), member });
const hold = (member: string, seats: string[], key: string): Command => ({
  kind: "hold",
  epoch: 0,
  entry: entry(member),
  member,
  scheduleId: SCHEDULE_ID,
  seats,
  key: { id: `${member}|hold|${key}`, hash: seats.join() },
});

describe("the performance object", () => {
  test("an unknown performance answers that it is not published, and writes nothing", async () => {
    const object = bindings.PERFORMANCE.getByName(crypto.randomUUID());
    expect(await ask(object, join(ann))).toEqual({ ok: false, refusal: { code: "not-published" } });
    await runInDurableObject(stub(object), (_instance, state) => {
      expect(state.storage.sql.databaseSize).toBeLessThan(20_000);
      expect(Array.from(state.storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'facts'"))).toEqual([]);
    });
  });

  test("publishing twice changes nothing", async () => {
    const { id, object } = await published();
    const again = publishRequest({ openAt: 0, closeAt: Date.now() + 86_400_000, lobbies: 9 });
    expect(await object.publish({ ...again, performanceId: id })).toMatchObject({
      ok: false,
      refusal: { code: "published-differently" },
    });
  });

  test("memory is rebuilt from storage: same key, same answer, before and after an eviction", async () => {
    const { object } = await published();
    await ask(object, join(ann));
    await ask(object, enter(ann));
    const first = await ask(object, hold(ann, ["r3s4"], "k"));
    expect(first.ok).toBe(true);
    await evictDurableObject(stub(object));
    expect(await ask(object, hold(ann, ["r3s4"], "k"))).toEqual(first);
    expect(await ask(object, hold(ann, ["r3s5"], "k"))).toMatchObject({ refusal: { code: "key-reused" } });
    const snapshot = await object.seats(SCHEDULE_ID);
    expect(snapshot?.sections[0]?.statuses.slice(10, 15)).toBe("00020");
  });

  test("the alarm ends a session and gives the slot on; a pass that is still good by its signature no longer counts", async () => {
    const { object } = await published({ capacity: 1, bookingSeconds: 10, showUpSeconds: 5 });
    await ask(object, join(ann));
    await ask(object, enter(ann));
    await ask(object, join(ben));
    await runInDurableObject(stub(object), async (_instance, state) => {
      expect(await state.storage.getAlarm()).not.toBeNull();
      // The session's deadline has come: as stored, so that the object that wakes up finds it in the past.
      state.storage.sql.exec("UPDATE sessions SET until = ? WHERE number = 0", Date.now() - 1);
    });
    await evictDurableObject(stub(object));
    await ask(object, { kind: "look", entry: entry(ann) });
    expect(await ask(object, hold(ann, ["r1s1"], "late"))).toMatchObject({
      ok: false,
      refusal: { code: "session-ended" },
    });
    expect((await object.figures()).status.sessions).toBe(0);
    // Presence is not stored: nobody is admitted before both lobbies have said whom they have.
    for (const index of [0, 1]) {
      expect((await object.figures()).status.sessions).toBe(0);
      const numbers = index === 0 ? Uint32Array.of(1) : new Uint32Array();
      const leaseSeconds = index === 0 ? Uint16Array.of(45) : new Uint16Array();
      const lobby = { role: "queue", index } as const;
      await object.execute({
        lobby,
        incarnation: 1,
        sequence: 1,
        commands: [],
        presence: { full: true, numbers, leaseSeconds },
      });
    }
    expect((await object.figures()).status.sessions).toBe(1);
  });

  test("an alarm with nothing to do does nothing and asks for no other", async () => {
    const { object } = await published();
    await runDurableObjectAlarm(stub(object));
    const before = await object.figures();
    await runDurableObjectAlarm(stub(object));
    expect(await object.figures()).toMatchObject({ status: { joined: before.status.joined, sessions: 0 } });
  });

  test("an older batch of a lobby is refused: a late join cannot undo a later leave", async () => {
    const { object } = await published();
    const lobby = { role: "queue", index: 0 } as const;
    await object.execute({ lobby, incarnation: 5, sequence: 2, commands: [] });
    for (const late of [
      { incarnation: 5, sequence: 1 },
      { incarnation: 4, sequence: 9 },
    ]) {
      const { replies } = await object.execute({ lobby, ...late, commands: [join(ann)] });
      expect(replies).toEqual([{ ok: false, refusal: { code: "stale-batch" } }]);
    }
    expect((await object.figures()).status.joined).toBe(0);
  });

  test.each(["open", "gathering"])(
    "who is revoked while they wait is out, and stays out over an eviction: %s",
    async (phase) => {
      const later = { gatherAt: Date.now() - 1_000, openAt: Date.now() + 3_600_000 };
      const object =
        phase === "open"
          ? (await published({ capacity: 1 })).object
          : bindings.PERFORMANCE.getByName(crypto.randomUUID());
      if (phase === "gathering") {
        const request = publishRequest({ closeAt: Date.now() + 86_400_000, ...later });
        expect(await object.publish({ ...request, performanceId: crypto.randomUUID() })).toMatchObject({ phase });
      }
      await ask(object, join(ann));
      expect(await ask(object, join(ben))).toMatchObject({ ok: true, refused: [] });
      const look: Command = { kind: "look", entry: entry(ben) };
      expect(await ask(object, look)).toMatchObject({ standing: { state: "waiting" } });
      const action = { do: "revoke", entry: entry(ben) } as const;
      expect(await ask(object, { kind: "operate", operator: ann, action })).toMatchObject({ ok: true });
      for (const evicted of [false, true]) {
        if (evicted) await evictDurableObject(stub(object));
        expect(await ask(object, look)).toMatchObject({ standing: { state: "ended", revoked: true } });
        expect(await ask(object, join(ben))).toMatchObject({ refused: [[0, "member-revoked"]] });
      }
      expect(await ask(object, { kind: "look", entry: entry(ann) })).not.toMatchObject({ standing: { revoked: true } });
    },
  );

  test("an identity shown once is taken over an eviction, and the one who showed it joins", async () => {
    const { object } = await published({ verification: "codes" });
    const action = { do: "make-codes", count: 2, label: "club" } as const;
    expect(await ask(object, { kind: "operate", operator: ann, action })).toMatchObject({ ok: true, batch: 1 });
    const show = (member: string, index: number): Command => {
      return { kind: "claim", entry: entry(member), identity: codeIdentity({ batch: 1, index }) };
    };
    expect(await ask(object, join(ann))).toMatchObject({ refused: [[0, "verification-required"]] });
    expect(await ask(object, show(ann, 1))).toEqual({ ok: true, kind: "verified", verified: true });
    await evictDurableObject(stub(object));
    expect(await ask(object, show(ben, 1))).toMatchObject({ refusal: { code: "identity-taken" } });
    expect(await ask(object, show(ben, 2))).toMatchObject({ refusal: { code: "presale-code-invalid" } });
    expect(await ask(object, join(ann))).toMatchObject({ ok: true, refused: [] });
    expect(await ask(object, join(ben))).toMatchObject({ refused: [[0, "verification-required"]] });
    expect(await object.identities()).toMatchObject({ by: "codes", verified: 1, batches: [{ number: 1, used: 1 }] });
  });

  test("an outbox row stays until the records have reported it applied", async () => {
    const { object } = await published();
    const before = (await object.figures()).outboxDepth;
    expect(before).toBeGreaterThan(0);
    await evictDurableObject(stub(object));
    expect((await object.figures()).outboxDepth).toBe(before);
    await object.applied(Array.from({ length: before }, (_, index) => index + 1));
    expect((await object.figures()).outboxDepth).toBe(0);
    await object.applied([1]); // reported twice: nothing left to delete
    expect((await object.figures()).outboxDepth).toBe(0);
  });
});

describe("the lobby", () => {
  function lobbyFor(id: string, member: string, lobbies = 2): LobbyContract & Pick<Fetcher, "fetch"> {
    return bindings.LOBBY.getByName(lobbyName(id, "queue", lobbyOf(entry(member), lobbies)));
  }

  test("joining again answers the same number; the state tells place and people ahead", async () => {
    const { id } = await published({ capacity: 1 });
    const first = await lobbyFor(id, ann).join(entry(ann));
    expect(first).toMatchObject({ ok: true, number: 0 });
    const second = await lobbyFor(id, ben).join(entry(ben));
    expect(second).toMatchObject({ ok: true, number: 1, state: { state: "waiting", place: 1 } });
    expect(await lobbyFor(id, ben).join(entry(ben))).toMatchObject({ ok: true, number: 1 });
    expect(await lobbyFor(id, ann).look(entry(ann))).toMatchObject({ state: "admitted" });
  });

  test("polling is answered from the lobby's memory: the object hears of it as often as the lobby ticks, not as often as fans ask", async () => {
    const { id, object } = await published({ capacity: 1 });
    await lobbyFor(id, ann).join(entry(ann));
    await lobbyFor(id, ben).join(entry(ben));
    const before = (await object.figures()).calls;
    const polls = 300;
    for (let poll = 0; poll < polls; poll++) {
      expect(await lobbyFor(id, ben).look(entry(ben))).toMatchObject({ state: "waiting", place: 1 });
    }
    expect((await object.figures()).calls - before).toBeLessThan(polls / 10);
  });

  test("in a rush the sockets of those who wait are spread, and of those who are let in they are not", async () => {
    const id = crypto.randomUUID();
    const [gatherAt, openAt] = [Date.now() - 60_000, Date.now() + 3_600_000];
    const request = publishRequest({ lobbies: 1, gatherAt, openAt, closeAt: openAt + 3_600_000 });
    const object = bindings.PERFORMANCE.getByName(id);
    expect(await object.publish({ ...request, performanceId: id })).toMatchObject({ ok: true, phase: "gathering" });
    const crowd = Array.from({ length: 200 }, () => crypto.randomUUID());
    const alone = await lobbyFor(id, ann, 1).join(entry(ann));
    expect(alone).toMatchObject({ ok: true, connectAfterMs: 0 });
    const gathered = await Promise.all(crowd.map((member) => lobbyFor(id, member, 1).join(entry(member))));
    const waits = gathered.map((reply) => (reply?.ok === true ? reply.connectAfterMs : Number.NaN));
    expect(Math.max(...waits)).toBeGreaterThan(1_000);
    expect(Math.max(...waits)).toBeLessThan(10_000);

    const small = await published({ lobbies: 1, capacity: 500 });
    const admitted = await Promise.all(crowd.map((member) => lobbyFor(small.id, member, 1).join(entry(member))));
    for (const reply of admitted) expect(reply).toMatchObject({ ok: true, connectAfterMs: 0 });
  });

  test("of one performance answers while the object of another one hangs", async () => {
    const [stuck, well] = [await published(), await published()];
    await lobbyFor(stuck.id, ann).join(entry(ann));
    const gate = Promise.withResolvers<void>();
    const hanging = runInDurableObject(stub(stuck.object), (_instance, state) =>
      state.blockConcurrencyWhile(() => gate.promise),
    );
    const waiting = lobbyFor(stuck.id, ben).join(entry(ben));
    expect(await lobbyFor(well.id, ann).join(entry(ann))).toMatchObject({ ok: true, number: 0 });
    await ask(well.object, enter(ann));
    expect(await ask(well.object, hold(ann, ["r1s1"], "k"))).toMatchObject({ ok: true, kind: "hold" });
    gate.resolve();
    await hanging;
    expect(await waiting).toMatchObject({ ok: true, number: 1 });
  });

  test("a freed slot reaches the next fan's socket at once", async () => {
    const { id, object } = await published({ capacity: 1 });
    await lobbyFor(id, ann).join(entry(ann));
    await lobbyFor(id, ben).join(entry(ben));
    const socket = await connect(lobbyFor(id, ben), entry(ben));
    const states: string[] = [];
    socket.addEventListener("message", (event) => {
      const frame = JSON.parse(String(event.data)) as { type: string; state?: string };
      if (frame.type === "state" && frame.state !== undefined) states.push(frame.state);
    });
    await ask(object, { kind: "leave", entry: entry(ann) });
    await expect.poll(() => states.at(-1), { timeout: 3_000 }).toBe("admitted");
    socket.close();
  });

  test("a socket survives the lobby's eviction and still gets its news", async () => {
    const { id, object } = await published({ capacity: 1 });
    const lobby = lobbyFor(id, ben);
    await lobbyFor(id, ann).join(entry(ann));
    await lobby.join(entry(ben));
    const socket = await connect(lobby, entry(ben));
    const states: string[] = [];
    socket.addEventListener("message", (event) => {
      const frame = JSON.parse(String(event.data)) as { type: string; state?: string };
      if (frame.state !== undefined) states.push(frame.state);
    });
    await evictDurableObject(stub(lobby), { webSockets: "hibernate" });
    await ask(object, { kind: "leave", entry: entry(ann) });
    await expect.poll(() => states.at(-1), { timeout: 10_000 }).toBe("admitted");
    socket.close();
  });

  test("frames that are not understood close that socket and nobody else notices", async () => {
    const { id } = await published({ capacity: 1 });
    const lobby = lobbyFor(id, ann);
    await lobby.join(entry(ann));
    const good = await connect(lobby, entry(ann));
    const bad = await connect(lobby, entry(ann));
    const closed = new Promise<number>((resolve) => bad.addEventListener("close", (event) => resolve(event.code)));
    bad.send("{not json");
    expect(await closed).toBe(1003);
    good.send(JSON.stringify({ type: "here" }));
    expect(good.readyState).toBe(1);
    good.close();
  });

  test("a page that closes its socket is answered at once, and nobody else notices", async () => {
    const { id } = await published({ capacity: 1 });
    const lobby = lobbyFor(id, ann);
    await lobby.join(entry(ann));
    const socket = await connect(lobby, entry(ann));
    const closed = new Promise<number>((resolve) => socket.addEventListener("close", (event) => resolve(event.code)));
    socket.close(1000, "done");
    expect(await closed).toBe(1000);
  });

  test("a fourth tab closes the first, not the place", async () => {
    const { id } = await published({ capacity: 1 });
    const lobby = lobbyFor(id, ann);
    await lobby.join(entry(ann));
    const first = await connect(lobby, entry(ann));
    const closed = new Promise<number>((resolve) => first.addEventListener("close", (event) => resolve(event.code)));
    const others = [
      await connect(lobby, entry(ann)),
      await connect(lobby, entry(ann)),
      await connect(lobby, entry(ann)),
    ];
    expect(await closed).toBe(4000);
    expect(await lobby.look(entry(ann))).toMatchObject({ number: 0 });
    for (const socket of others) socket.close();
  });

  async function connect(lobby: Pick<Fetcher, "fetch">, of: string): Promise<WebSocket> {
    const headers = { upgrade: "websocket", "x-lobby-entry": of, "x-lobby-booking": "0" };
    const response = await lobby.fetch(new Request("https://lobby/live", { headers }));
    const socket = response.webSocket;
    if (socket === null) throw new Error(`no socket: ${response.status}`);
    socket.accept();
    return socket;
  }
});
