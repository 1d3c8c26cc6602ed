/**
 * What joining may take besides an account: a pre-sale code, or the word of an external verifier. It is shown before
 * joining, as often as one likes; the object gives each identity to one member for good (admission/claim.ts there).
 */
import { createRoute, z } from "@hono/zod-openapi";
import { codeIdentity, readCode, subjectIdentity } from "../../../durable-objects/performance/admission/identity.ts";
import type { App, AppContext } from "../context.ts";
import { answered, granted, identitiesOf, roomAt, roomOf, type Room } from "../gate/room.ts";
import { askedBy, forgetQuestion, isAnswered, questionFor, type Home } from "../gate/verifier.ts";
import { body, done, idParameter, ok } from "../openapi.ts";
import { Problem, type ProblemCode } from "../problem.ts";
import { countRefusal } from "../refusal-counts.ts";

const BASE = "/api/performances/{id}/verification";

const stateRoute = createRoute({
  method: "get",
  path: BASE,
  tags: ["queue"],
  request: { params: idParameter },
  responses: ok(
    z.object({ by: z.enum(["codes", "verifier"]).nullable(), verified: z.boolean() }).openapi("Verification"),
    "What joining takes, and whether this member has shown it",
  ),
});

const codeRoute = createRoute({
  method: "post",
  path: `${BASE}/code`,
  tags: ["queue"],
  request: { params: idParameter, body: body(z.strictObject({ code: z.string().max(200) })) },
  responses: done("The code is this member's from now on, and nobody else's; showing it again changes nothing"),
});

const askRoute = createRoute({
  method: "post",
  path: `${BASE}/ask`,
  tags: ["queue"],
  request: { params: idParameter },
  responses: ok(
    z.object({ url: z.url() }),
    "Where to go to be verified, within ten minutes; sets a cookie for coming back",
  ),
});

const answerRoute = createRoute({
  method: "get",
  path: `${BASE}/answer`,
  tags: ["queue"],
  request: {
    params: idParameter,
    query: z.object({
      state: z.string().max(4_096),
      subject: z.string().max(1_000),
      expires: z.string().max(20),
      signature: z.string().max(200),
    }),
  },
  responses: { 303: { description: "On to the waiting room, or back to where it is asked for, with what was wrong." } },
});

export function registerVerification(app: App): void {
  app.openapi(stateRoute, async (c) => {
    const { id } = c.req.valid("param");
    const { by } = await identitiesOf(c.env, id);
    return c.json({ by, verified: await isVerified(await roomOf(c.env, id, c.var.member.id)) }, 200);
  });

  app.openapi(codeRoute, async (c) => {
    await showCode(c, c.req.valid("param").id, c.req.valid("json").code);
    return c.body(null, 204);
  });

  app.openapi(askRoute, async (c) => {
    return c.json({ url: await ask(c, c.req.valid("param").id, "waiting") }, 200);
  });

  app.openapi(answerRoute, async (c) => {
    const { id } = c.req.valid("param");
    const answer = c.req.valid("query");
    const { by, verifier, entryKey } = await identitiesOf(c.env, id);
    if (by !== "verifier" || verifier === null) throw new Problem("not-found");
    const asked = await askedBy(c, id, answer.state);
    if (asked === null || !isAnswered(verifier, entryKey, answer, Date.now())) {
      countRefusal(c, "verification refused");
      return c.redirect(homeOf(id, asked?.home ?? "waiting", "verification-failed"), 303);
    }
    const room = await roomAt(c.env, id, asked.entry);
    const refusal = await claimed(room, subjectIdentity(entryKey, answer.subject));
    if (refusal === null) forgetQuestion(c, id);
    return c.redirect(homeOf(id, asked.home, refusal), 303);
  });
}

/** Whether the member of this room may join; asks the object. */
export async function isVerified(room: Room): Promise<boolean> {
  const reply = await room.waiting.submit({ kind: "claim", entry: room.entry, identity: null });
  return granted(reply, "verified").verified;
}

/** @throws a problem, the same for every text that is no code of this performance. */
export async function showCode(c: AppContext, id: string, written: string): Promise<void> {
  const { by, entryKey } = await identitiesOf(c.env, id);
  if (by !== "codes") throw new Problem("not-found");
  const code = readCode(entryKey, written);
  if (code === null) {
    countRefusal(c, "presale code refused");
    throw new Problem("presale-code-invalid");
  }
  const room = await roomOf(c.env, id, c.var.member.id);
  answered(await room.waiting.submit({ kind: "claim", entry: room.entry, identity: codeIdentity(code) }));
}

/** Where the member goes to be verified. */
export async function ask(c: AppContext, id: string, home: Home): Promise<string> {
  const { by, verifier, entryKey } = await identitiesOf(c.env, id);
  if (by !== "verifier") throw new Problem("not-found");
  if (verifier === null) throw new Problem("verifier-not-set");
  const { entry } = await roomOf(c.env, id, c.var.member.id);
  return questionFor(c, verifier, { performanceId: id, entry, entryKey, home });
}

async function claimed(room: Room, identity: string): Promise<ProblemCode | null> {
  try {
    answered(await room.waiting.submit({ kind: "claim", entry: room.entry, identity }));
    return null;
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

function homeOf(id: string, home: Home, problem: ProblemCode | null): string {
  const said = problem === null ? "" : `problem=${problem}`;
  if (home === "room") return `/api/performances/${id}/room${said === "" ? "" : `?${said}`}`;
  return problem === null ? `/waiting?performance=${id}` : `/presale?performance=${id}&${said}`;
}
