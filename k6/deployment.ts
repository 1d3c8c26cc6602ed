/**
 * Writes the plan for a load on a deployment: fans who exist in its Postgres, with access tokens signed by its keys.
 *
 * The tokens are good for half an hour; the file is for its owner's eyes only.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { z } from "zod";
import { Api } from "../dev/demo/client.ts";
import { crowd } from "../dev/demo/crowd.ts";
import { command, Misuse, wholeNumber } from "../dev/command.ts";
import { Failure } from "../dev/failure.ts";
import type { Plan } from "./plan.ts";

const FANS_MAX = 20_000;
const SECONDS_MAX = 1_500;
const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });

const usage = `DATABASE_URL=… SESSION_KEYS=… npx node k6/deployment.ts --origin URL --performance ID [options]
  --origin URL        the deployment
  --performance ID    the performance there
  --fans N            how many (default 100, at most ${FANS_MAX})
  --arrive SECONDS    within how long they come (default 10)
  --seconds SECONDS   for how long the script runs (default 300, at most ${SECONDS_MAX})
  --plan FILE         where the plan is written (default plan.json)`;

await command(usage, writePlan);

async function writePlan(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
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
    throw new Misuse("--origin says which deployment, and --performance which performance there.");
  const fans = wholeNumber("--fans", values.fans, 1, FANS_MAX);
  const { items } = await new Api(origin).call(`GET /api/performances/${performance}/schedules`, schedules);
  const schedule = items[0];
  if (schedule === undefined) throw new Failure("This performance has no schedule.");
  const members = await crowd(setting("DATABASE_URL"), setting("SESSION_KEYS"), fans);
  const plan: Plan = {
    origin,
    performanceId: performance,
    scheduleId: schedule.id,
    tossUrl: null,
    arriveWithinSeconds: wholeNumber("--arrive", values.arrive, 1, SECONDS_MAX),
    seconds: wholeNumber("--seconds", values.seconds, 1, SECONDS_MAX),
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
