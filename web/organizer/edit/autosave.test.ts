import { describe, expect, it } from "vitest";
import { Autosave, fieldNamed, nested, type Changes, type SendResult } from "./autosave.ts";

/** A desk whose clock only moves when told, and whose server answers what it is told to. */
function desk(...answers: readonly SendResult[]) {
  const sent: Changes[] = [];
  let kept: Changes = {};
  let waiting: (() => void) | null = null;
  let index = 0;
  const autosave = new Autosave({
    send: (changes) => {
      sent.push(changes);
      return Promise.resolve(answers[index++] ?? { ok: true });
    },
    now: () => 42,
    later: (_ms, call) => {
      waiting = call;
      return () => (waiting = null);
    },
    keep: (unsaved) => (kept = unsaved),
  });
  const pass = async (): Promise<void> => {
    const call = waiting;
    waiting = null;
    call?.();
    await new Promise((resolve) => setTimeout(resolve));
  };
  return { autosave, sent, pass, kept: () => kept, idle: () => waiting === null };
}

describe("saving while writing", () => {
  it("sends what changed in one go, the latest value of each", async () => {
    const { autosave, sent, pass, kept } = desk();
    autosave.set({ title: "H" });
    autosave.set({ title: "Ha", ageRating: "8+" });
    expect(autosave.state.get()).toMatchObject({ dirty: true, savedAt: null });
    expect(kept()).toEqual({ title: "Ha", ageRating: "8+" });
    await pass();
    expect(sent).toEqual([{ title: "Ha", ageRating: "8+" }]);
    expect(autosave.state.get()).toMatchObject({ dirty: false, saving: false, savedAt: 42, trouble: null });
    expect(kept()).toEqual({});
  });

  it("tries again when nobody answered, and what was typed meanwhile wins", async () => {
    const trouble = new Error("away");
    const { autosave, sent, pass, kept } = desk({ ok: "unknown", error: trouble });
    autosave.set({ title: "A", ageRating: "8+" });
    await pass();
    expect(autosave.state.get()).toMatchObject({ dirty: true, trouble });
    autosave.set({ title: "B" });
    expect(kept()).toEqual({ title: "B", ageRating: "8+" });
    await pass();
    expect(sent[1]).toEqual({ title: "B", ageRating: "8+" });
    expect(autosave.state.get()).toMatchObject({ dirty: false, trouble: null });
  });

  it("saves the rest when a field is refused, and sends that one again only when it changed", async () => {
    const refusal = { ok: false, refused: ["title"], error: new Error("422") } as const;
    const { autosave, sent, pass, kept, idle } = desk(refusal);
    autosave.set({ title: "", ageRating: "8+" });
    await pass();
    expect(autosave.state.get()).toMatchObject({ refused: ["title"], dirty: true });
    await pass();
    expect(sent[1]).toEqual({ ageRating: "8+" });
    expect(idle()).toBe(true);
    expect(kept()).toEqual({ title: "" });
    expect(await autosave.flush()).toBe(false);
    autosave.set({ title: "Hamlet" });
    expect(autosave.state.get().refused).toEqual([]);
    expect(await autosave.flush()).toBe(true);
    expect(sent.at(-1)).toEqual({ title: "Hamlet" });
  });

  it("does not send for ever what is refused without saying why", async () => {
    const { autosave, sent, pass, idle } = desk({ ok: false, refused: ["id"], error: new Error("409") });
    autosave.set({ title: "A", ageRating: "8+" });
    await pass();
    expect(sent).toHaveLength(1);
    expect(idle()).toBe(true);
    expect(autosave.state.get().refused).toEqual(["title", "ageRating"]);
  });
});

it("names fields as the API does", () => {
  expect(nested({ title: "A", "settings.openAt": null, "settings.capacity": 5 })).toEqual({
    title: "A",
    settings: { openAt: null, capacity: 5 },
  });
  expect(["prices.R", "settings.openAt", "title"].map(fieldNamed)).toEqual(["prices", "settings.openAt", "title"]);
});
