/**
 * Writes the plan for a load on a deployment: fans who exist in its Postgres, with access tokens signed by its keys.
 *
 *     DATABASE_URL=… SESSION_KEYS=… node k6/deployment.ts --origin https://… --performance ID --fans 1000 --plan plan.json
 *
 * The tokens are good for half an hour; the file is for its owner's eyes only.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Api } from "../dev/demo/client.ts";
import { crowd } from "../dev/demo/crowd.ts";
import { Failure, sentenceOf } from "../dev/failure.ts";
import type { Plan } from "./plan.ts";

const FANS_MAX = 20_000;
const SECONDS_MAX = 1_500;
const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });

try {
  await writePlan(process.argv.slice(2));
} catch (error) {
  console.error(`✗ ${sentenceOf(error)}`);
  process.exitCode = 1;
}

async function writePlan(words: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...words],
    options: {
      origin: { type: "string" },
      performance: { type: "string" },
      fans: { type: "string", default: "100" },
      arrive: { type: "string", default: "10" },
      seconds: { type: "string", default: "300" },
      plan: { type: "string", default: "plan.json" },
    },
  });
  const { origin, performance } = values;
  if (origin === undefined || performance === undefined)
    throw new Failure("--origin says which deployment, and --performance which performance there.");
  const fans = whole("fans", values.fans, FANS_MAX);
  const { items } = await new Api(origin).call(`GET /api/performances/${performance}/schedules`, schedules);
  const schedule = items[0];
  if (schedule === undefined) throw new Failure("This performance has no schedule.");
  const members = await crowd(setting("DATABASE_URL"), setting("SESSION_KEYS"), fans);
  const plan: Plan = {
    origin,
    performanceId: performance,
    scheduleId: schedule.id,
    tossUrl: null,
    arriveWithinSeconds: whole("arrive", values.arrive, SECONDS_MAX),
    seconds: whole("seconds", values.seconds, SECONDS_MAX),
    tokens: members.map(({ token }) => token),
  };
  writeFileSync(values.plan, JSON.stringify(plan), { mode: 0o600 });
  console.log(`✓ ${values.plan}: ${fans} fans for ${origin}. It holds their tokens: delete it afterwards.`);
}

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Failure(`${name} is not set: it is the deployment's own.`);
  return value;
}

function whole(name: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Failure(`--${name} takes a whole number from 1 to ${most}.`);
  return number;
}
