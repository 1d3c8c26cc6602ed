/** The gate's check of a booking pass, over and over, and the same loop without it. */
import { z } from "zod";
import { REMEMBERED_TOKENS } from "../../workers/edge/auth/remembered-tokens.ts";
import { signPass, verifyPass } from "../../workers/edge/gate/tokens.ts";
import type { Environment } from "../../workers/environment.ts";
import type { DriverEnvironment } from "./environment.ts";

const Input = z.object({ count: z.number() });
/** More different passes than the gate remembers: each is checked as one that was never seen. */
const DIFFERENT = 2 * REMEMBERED_TOKENS;
const MEMBER = "00000000-0000-4000-8000-000000000001";
const PERFORMANCE = "00000000-0000-4000-8000-000000000002";

async function passes(env: Environment): Promise<string[]> {
  const expiresAt = Date.now() + 600_000;
  return Promise.all(
    Array.from({ length: DIFFERENT }, (_, number) =>
      signPass(env, { member: MEMBER, performanceId: PERFORMANCE, number, epoch: 0 }, expiresAt),
    ),
  );
}

export function checkPasses(env: DriverEnvironment, input: unknown): Promise<unknown> {
  return check(env, input, verifyPass);
}

export function passNothing(env: DriverEnvironment, input: unknown): Promise<unknown> {
  return check(env, input, (_env, token) => Promise.resolve({ ok: token.length > 0 }));
}

async function check(
  env: DriverEnvironment,
  input: unknown,
  verify: (env: Environment, token: string) => Promise<{ readonly ok: boolean }>,
): Promise<unknown> {
  const { count } = Input.parse(input);
  // The gate reads nothing but the keys from its environment.
  const gate = { PASS_KEYS: env.PASS_KEYS } as Environment;
  const tokens = await passes(gate);
  let good = 0;
  for (let index = 0; index < count; index++) {
    if ((await verify(gate, tokens[index % DIFFERENT] ?? "")).ok) good += 1;
  }
  if (good !== count) throw new Error(`${count - good} good passes were refused`);
  return { count };
}
