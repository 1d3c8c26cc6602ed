/**
 * npm run demo: a crowd buys a house empty, and the books say whether it was done right.
 *
 * Starts what is not running, opens a performance of its own, sends the fans through queue, seat and payment over the real
 * HTTP and WebSocket API, and ends with a table. The counts come from Postgres and from the payment sandbox's books; one
 * that does not fit ends with exit code 1.
 */
import { parseArgs } from "node:util";
import { z } from "zod";
import { readOutcome, type Outcome } from "./demo/books.ts";
import { OrganiserCatalogue } from "./demo/catalogue.ts";
import { Api } from "./demo/client.ts";
import { crowd } from "./demo/crowd.ts";
import { Fan, type FanEnd, type Step } from "./demo/fan.ts";
import { Tally } from "./demo/tally.ts";
import { gridChart } from "./demo/halls.ts";
import { organiserToken } from "./demo/sign-in.ts";
import { command, wholeNumber } from "./command.ts";
import { Failure } from "./failure.ts";
import { runningStack } from "./running.ts";
import { PORT_MAX } from "./ports.ts";
import { readSecrets } from "./secrets.ts";
import { startStack } from "./stack.ts";

const SEATS_PER_ROW = 25;
const RECORDS_MS_MAX = 60_000;
const steps: readonly Step[] = ["join", "wait", "enter", "hold", "order", "pay"];

const usage = `npm run demo -- [options]
  --fans N        how many want seats (default 300)
  --seats N       how many seats there are (default 500)
  --capacity N    how many may book at a time (default 60)
  --port N        the port of npm start (default 8787); where nothing runs, it is started
  --data DIR      its folder (default .data)
  DATABASE_URL    in the environment, where nothing runs: use that Postgres instead of starting one`;

await command(usage, async (words) => {
  process.exitCode = await demo(readOptions(words));
});

interface Options {
  readonly fans: number;
  readonly seats: number;
  readonly capacity: number;
  readonly port: number;
  readonly dataDir: string;
}

async function demo(options: Options): Promise<number> {
  const running = await runningStack(options.port, options.dataDir);
  if (running !== null) return sell(options, running);
  console.log("Nothing is running yet: starting everything first.");
  const stack = await startStack({
    ...options,
    log: (line) => console.log(line),
    databaseUrl: process.env["DATABASE_URL"] || undefined,
  });
  try {
    return await sell(options, stack);
  } finally {
    await stack.stop();
  }
}

interface Where {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly tossUrl: string;
}

async function sell(options: Options, where: Where): Promise<number> {
  const { fans, seats, capacity } = options;
  const api = new Api(where.origin);
  const token = await organiserToken(api, where.databaseUrl);
  const performance = await openPerformance(api, token, options);
  const members = await crowd(where.databaseUrl, readSecrets().SESSION_KEYS, fans);
  console.log(`\n${fans} fans, ${seats} seats, ${capacity} at a time`);
  const tally = new Tally(fans);
  const plan = { ...performance, tossUrl: where.tossUrl, random: Math.random };
  const ends = await Promise.all(
    members.map(async ({ token: fanToken }) => {
      const fan = new Fan(api, { ...plan, token: fanToken, seats: Math.random() < 0.5 ? 1 : 2 }, tally.report());
      try {
        return tally.ended(await fan.buy());
      } catch (error) {
        return tally.failed(error);
      }
    }),
  );
  tally.close();
  const outcome = await recorded(api, token, where, performance.performanceId);
  return conclude(options, ends, tally, outcome);
}

async function openPerformance(api: Api, token: string, { seats, capacity }: Options) {
  const catalogue = new OrganiserCatalogue(api, token);
  const chart = exactly(seats);
  const hallId = await catalogue.hall({
    name: `데모 홀 ${seats}석`,
    address: "서울특별시",
    timeZone: "Asia/Seoul",
    chart,
  });
  const now = Date.now();
  const { id } = await catalogue.performance(hallId, {
    title: `데모 ${new Date(now).toISOString()}`,
    description: "npm run demo",
    runTimeMinutes: 90,
    ageRating: "전체",
    currency: "KRW",
    prices: { S: 110_000, A: 90_000, B: 70_000 },
    settings: { openAt: iso(now - 1_000), closeAt: iso(now + 86_400_000), capacity, ratePerMinute: 6_000 },
    startsAt: [iso(now + 30 * 86_400_000)],
  });
  const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
  const { items } = await api.call(`GET /api/performances/${id}/schedules`, schedules);
  const scheduleId = items[0]?.id;
  if (scheduleId === undefined) throw new Failure("The demo performance has no schedule.");
  const sections = chart.sections.map((section) => section.rows.flatMap((row) => row.seats.map((seat) => seat.id)));
  return { performanceId: id, scheduleId, sections };
}

/** A hall of that many seats: full rows, and a shorter last one. */
function exactly(seats: number): ReturnType<typeof gridChart> {
  const chart = gridChart(Math.ceil(seats / SEATS_PER_ROW), SEATS_PER_ROW, `${seats}석`);
  let left = seats;
  const sections = chart.sections.map((section) => ({
    ...section,
    rows: section.rows.map((row) => {
      const kept = row.seats.slice(0, left);
      left -= kept.length;
      return { ...row, seats: kept };
    }),
  }));
  return { ...chart, sections };
}

/** The records are a second or two behind the sale: wait until the object has nothing left to report. */
async function recorded(api: Api, token: string, where: Where, performanceId: string): Promise<Outcome> {
  const figures = z.looseObject({ outboxDepth: z.number() });
  const until = Date.now() + RECORDS_MS_MAX;
  for (;;) {
    const { outboxDepth } = await api.call(`GET /api/organizer/performances/${performanceId}/live`, figures, { token });
    if (outboxDepth === 0) return readOutcome(where.databaseUrl, where.tossUrl, performanceId);
    if (Date.now() > until)
      throw new Failure(`After a minute ${outboxDepth} events are still on their way to the records.`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

function conclude(options: Options, ends: readonly (FanEnd | "failed")[], tally: Tally, outcome: Outcome): number {
  const bought = ends.filter((end) => end === "bought").length;
  console.log(`\n  ${"step".padEnd(8)}${"times".padStart(8)}${"median".padStart(12)}${"99 % within".padStart(14)}`);
  for (const step of steps) {
    const [median, most] = [0.5, 0.99].map((share) => `${tally.percentile(step, share)} ms`);
    console.log(
      `  ${step.padEnd(8)}${String(tally.count(step)).padStart(8)}${median?.padStart(12)}${most?.padStart(14)}`,
    );
  }
  console.log("  (through `wrangler dev` and simulated fans on one machine; measured speed: docs/benchmarks.md)\n");
  const lines: readonly (readonly [string, string | number])[] = [
    ["admitted", tally.count("enter")],
    ["orders paid (Postgres)", outcome.orders],
    ["seats sold (Postgres)", `${outcome.seatsSold} of ${options.seats}`],
    ["double sales (Postgres)", outcome.doubleSales],
    ["tickets (Postgres)", outcome.tickets],
    ["money in our ledger", `${outcome.ledger.toLocaleString("en")} KRW`],
    ["money in the provider's books", `${outcome.sandbox.toLocaleString("en")} KRW`],
    ["told that it is sold out", ends.filter((end) => end === "sold-out").length],
  ];
  for (const [name, value] of lines) console.log(`  ${name.padEnd(32)} ${value}`);
  const wrong: string[] = [];
  const check = (fits: boolean, sentence: string): void => void (fits || wrong.push(sentence));
  check(outcome.doubleSales === 0, `${outcome.doubleSales} seats were sold twice`);
  check(outcome.orders === bought, `${bought} fans paid, but Postgres has ${outcome.orders} paid orders`);
  check(outcome.tickets === outcome.seatsSold, `${outcome.seatsSold} seats sold, but ${outcome.tickets} tickets`);
  check(outcome.seatsSold <= options.seats, `more seats sold than there are`);
  check(outcome.ledger === outcome.sandbox, `our ledger and the provider's books differ`);
  check(outcome.ledgerBalance === 0, `the ledger does not balance: ${outcome.ledgerBalance}`);
  check(tally.failures.length === 0, `${tally.failures.length} fans failed: ${tally.failures.slice(0, 3).join("; ")}`);
  for (const sentence of wrong) console.error(`✗ ${sentence}`);
  if (wrong.length === 0) console.log("\n✓ Nobody paid twice, no seat was sold twice, and the books agree.");
  return wrong.length === 0 ? 0 : 1;
}

function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      fans: { type: "string", default: "300" },
      seats: { type: "string", default: "500" },
      capacity: { type: "string", default: "60" },
      port: { type: "string", default: "8787" },
      data: { type: "string", default: ".data" },
    },
  });
  return {
    fans: wholeNumber("--fans", values.fans, 1, 2_000),
    seats: wholeNumber("--seats", values.seats, 1, 60_000),
    capacity: wholeNumber("--capacity", values.capacity, 1, 100_000),
    port: wholeNumber("--port", values.port, 1, PORT_MAX),
    dataDir: values.data,
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
