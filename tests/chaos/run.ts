/**
 * npm run chaos: the built bundle on workerd, real Postgres and the payment sandbox, fans over HTTP and WebSocket, and parts
 * that die under them. Afterwards what the fans were told is compared with what is true.
 *
 * The seed decides what fans try and when which part dies; real time and real processes decide the rest, so that a seed is
 * a way to look again, not a promise.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { command, Misuse, wholeNumber } from "../../dev/command.ts";
import { OrganiserCatalogue } from "../../dev/demo/catalogue.ts";
import { Api } from "../../dev/demo/client.ts";
import { crowd } from "../../dev/demo/crowd.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { organiserToken } from "../../dev/demo/sign-in.ts";
import { z } from "zod";
import { seeded } from "../simulation/random.ts";
import { ChaosFan, type Sale } from "./fan.ts";
import { History } from "./history.ts";
import { House } from "./house.ts";
import { checkAnswers, keepAsking } from "./questions.ts";
import { atRest, compare, readFigures } from "./truth.ts";
import { makeTrouble } from "./troubles.ts";

const SALES = 3;
const RATE = 600;
const REST_MS = 180_000;
/** After a long outage the outbox may wait for five minutes before it sends an event again. */
const OUTBOX_PAUSE_MS = 300_000;
/** A run that met none of these has shown nothing. */
const FLOORS = [
  "kills of workerd",
  "Postgres away",
  "provider cut off",
  "joins",
  "holds",
  "payments",
  "seat conflicts",
  "answers to the four questions",
];

const usage = `npm run chaos -- [options]
  --minutes N           how long fans come (default 5)
  --seed N              what they try and what dies when, as in an earlier run
  --fans N              how many (default 200)
  --outage-minutes N    Postgres is away once, for that long (and --minutes is one more by default)`;

interface Options {
  readonly seed: number;
  readonly fans: number;
  readonly minutes: number;
  readonly outageMinutes: number;
}

await command(usage, async (words) => {
  const options = optionsFrom(words);
  const folder = mkdtempSync(path.join(tmpdir(), "ticketping-chaos-"));
  const history = await play(options, folder);
  for (const [name, count] of Object.entries(history.counts)) console.log(`  ${String(count).padStart(9)}  ${name}`);
  for (const name of FLOORS) if ((history.counts[name] ?? 0) === 0) history.break(`nothing was met of: ${name}`);
  for (const sentence of history.broken.slice(0, 40)) console.error(`✗ ${sentence}`);
  if (history.broken.length > 0) {
    console.error(`✗ seed ${options.seed}: ${history.broken.length} broken promises. What was left is in ${folder}.`);
    process.exit(1);
  }
  rmSync(folder, { recursive: true, force: true });
  console.log(`✓ seed ${options.seed}: everything the fans were told is true.`);
  process.exit(0);
});

function optionsFrom(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: "string" },
      "outage-minutes": { type: "string", default: "0" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
      fans: { type: "string", default: "200" },
    },
  });
  const outageMinutes = Number(values["outage-minutes"]);
  const minutes = Number(values.minutes ?? (outageMinutes > 0 ? outageMinutes + 1 : 5));
  if (!(outageMinutes >= 0) || !(minutes > outageMinutes))
    throw new Misuse("--minutes and --outage-minutes take numbers, and the outage is shorter than the run.");
  const seed = wholeNumber("--seed", values.seed, 0, Number.MAX_SAFE_INTEGER);
  return { seed, fans: wholeNumber("--fans", values.fans, 1, 2_000), minutes, outageMinutes };
}

/** Everything from the first fan to the comparison; what was met and what was broken is in the history. */
async function play({ seed, fans, minutes, outageMinutes }: Options, folder: string): Promise<History> {
  const house = await House.build(folder);
  const history = new History();
  try {
    const api = new Api(house.origin);
    const organiser = await organiserToken(api, house.databaseUrl);
    const sales = await openSales(api, organiser);
    const members = await crowd(house.databaseUrl, house.secrets.SESSION_KEYS, fans);
    const until = Date.now() + minutes * 60_000;
    console.log(`${fans} fans, ${SALES} sales, ${minutes} minutes of trouble, seed ${seed}`);
    const lives = members.map(({ id, token }, index) =>
      new ChaosFan({
        ...{ origin: house.origin, tossUrl: house.tossUrl, member: id, token, sales, history, until },
        random: seeded(seed + index),
      }).live(),
    );
    const onCall = keepAsking(house, until, history);
    await makeTrouble(house, seed, until, history, outageMinutes * 60_000);
    await Promise.all([...lives, onCall]);
    for (const sale of sales) {
      const found = await settled(api, organiser, sale.id, outageMinutes > 0);
      await compare(house, api, history, sale.id, found);
      history.check(sale.id, RATE);
      await checkAnswers(house, sale.id, found, history);
    }
    history.checkSeats();
    return history;
  } finally {
    await house.stop();
  }
}

async function openSales(api: Api, organiser: string): Promise<readonly Sale[]> {
  const catalogue = new OrganiserCatalogue(api, organiser);
  const chart = gridChart(12, 20);
  const hallId = await catalogue.hall({ name: "chaos", address: "서울특별시", timeZone: "Asia/Seoul", chart });
  const now = Date.now();
  const settings = { capacity: 15, ratePerMinute: RATE, showUpSeconds: 30, bookingSeconds: 60, holdSeconds: 20 };
  return Promise.all(
    Array.from({ length: SALES }, async (_, index) => {
      const { id } = await catalogue.performance(hallId, {
        title: `chaos ${now} ${index}`,
        description: "npm run chaos",
        runTimeMinutes: 90,
        ageRating: "전체",
        currency: "KRW",
        prices: { S: 110_000, A: 90_000, B: 70_000 },
        settings: {
          ...settings,
          ...{ paymentSeconds: 30, absenceGraceSeconds: 60, rejoinSeconds: 0 },
          openAt: new Date(now - 1_000).toISOString(),
          closeAt: new Date(now + 86_400_000).toISOString(),
        },
        startsAt: [new Date(now + 30 * 86_400_000).toISOString()],
      });
      const schedules = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
      const { items } = await api.call(`GET /api/performances/${id}/schedules`, schedules);
      const sections = chart.sections.map((section) => section.rows.flatMap((row) => row.seats.map((seat) => seat.id)));
      const { capacity, showUpSeconds } = settings;
      return { id, scheduleId: items[0]?.id ?? "", sections, capacity, showUpSeconds };
    }),
  );
}

/** Once nothing is under way any more, or after some minutes all the same: then the comparison says what is stuck. */
async function settled(
  api: Api,
  organiser: string,
  saleId: string,
  afterOutage: boolean,
): ReturnType<typeof readFigures> {
  const deadline = Date.now() + REST_MS + (afterOutage ? OUTBOX_PAUSE_MS : 0);
  for (;;) {
    const found = await readFigures(api, organiser, saleId);
    if (atRest(found) || Date.now() > deadline) return found;
    await sleep(1_000);
  }
}
