/**
 * The predecessor's own headline test: 10,000 people enter at the same moment, then stay for fifteen minutes. There each of them
 * asked every three seconds; here 8,000 are on sockets and 2,000 ask again as seldom as the server tells them. Over HTTP and
 * WebSocket on loopback, against the built bundle; the fans are in this process, the runtime is another one.
 */
import { z } from "zod";
import { Fans, type Fan } from "../fans.ts";
import { memoryOf } from "../machine.ts";
import { percentile, quantiles, shown, type Figure, type Measured } from "../report.ts";
import { costOf, performanceId, withBench, type Cost, type Lab, type Study } from "../study.ts";
import type { Bench } from "../worker.ts";

const PEOPLE = 10_000;
/** One in five has no socket, and asks again and again. */
const POLLING_EVERY = 5;
const SOCKETS = PEOPLE - PEOPLE / POLLING_EVERY;
const LOBBIES = 4;
/** The runtime may open 20,000 files: two for each socket, and one for each of these. */
const CONNECTIONS = 1_000;
const PING_SECONDS = 20;
/** What the predecessor's clients did, whatever they were told: one request in three seconds each. */
const PREDECESSOR_POLL_SECONDS = 3;
/** Who has a place, and who has just been let in or let past and may come back to it. */
const THERE: ReadonlySet<string> = new Set(["waiting", "passed-over", "admitted"]);

const Counted = z.object({ calls: z.number(), joined: z.number() });

const lower = (name: string, unit: string, target: number | null = null): Figure => ({
  name,
  unit,
  target,
  better: "lower",
});

const rush: Study = {
  figures: [
    lower("enter_p50_ms", "ms"),
    lower("enter_p95_ms", "ms"),
    lower("enter_p99_ms", "ms"),
    { name: "enter_requests_per_second", unit: "/s", target: null, better: "higher" },
    lower("enter_cpu_us_per_person", "µs"),
    lower("stay_requests_per_second", "/s"),
    lower("stay_messages_per_second", "/s"),
    lower("stay_poll_p50_ms", "ms"),
    lower("stay_poll_p95_ms", "ms"),
    lower("stay_poll_p99_ms", "ms"),
    lower("stay_cpu_cores", "cores"),
    lower("stay_cpu_us_per_person_second", "µs"),
    lower("errors", "", 0),
    lower("places_lost", "people", 0),
  ],
  measure: (lab) => withBench((bench) => measure(bench, lab)),
};

async function measure(bench: Bench, lab: Lab): Promise<Readonly<Record<string, Measured>>> {
  const id = performanceId(1);
  await bench.ask("line", { id, lobbies: LOBBIES }, z.object({ ok: z.literal(true) }));
  const fans = await Fans.of(bench, id, CONNECTIONS);
  const crowd = new Crowd(fans, await fans.signedIn(0, PEOPLE));
  try {
    const count = (): Promise<z.infer<typeof Counted>> => bench.ask("calls", { id }, Counted);
    lab.say(`${PEOPLE} people enter at once`);
    const entering = await phase(bench, fans, () => crowd.enter());
    lab.say(`they stay for ${lab.staySeconds} s`);
    const callsBefore = (await count()).calls;
    const staying = await phase(bench, fans, () => crowd.stay(lab.staySeconds * 1_000));
    const { calls, joined } = await count();
    lab.say("everybody is asked for their place");
    const lost = await crowd.lost();
    return figures(
      { crowd, entering, staying, calls: calls - callsBefore, lost: Math.max(lost, PEOPLE - joined) },
      bench,
    );
  } finally {
    crowd.end();
  }
}

interface Phase extends Cost<unknown> {
  readonly requests: number;
  readonly frames: number;
  readonly pings: number;
  /** Processor time of this process, which plays the fans. */
  readonly driverCpuMs: number;
}

async function phase(bench: Bench, fans: Fans, work: () => Promise<void>): Promise<Phase> {
  const { requests, frames, pings } = fans;
  const before = process.cpuUsage();
  const cost = await costOf(bench, work);
  const { user, system } = process.cpuUsage(before);
  return {
    ...cost,
    requests: fans.requests - requests,
    frames: fans.frames - frames,
    pings: fans.pings - pings,
    driverCpuMs: (user + system) / 1_000,
  };
}

interface Found {
  readonly crowd: Crowd;
  readonly entering: Phase;
  readonly staying: Phase;
  readonly calls: number;
  readonly lost: number;
}

function figures({ crowd, entering, staying, calls, lost }: Found, bench: Bench): Readonly<Record<string, Measured>> {
  const cores = (one: Phase, cpuMs = one.cpuMs): number => cpuMs / one.milliseconds;
  const busy = (one: Phase): string =>
    `the runtime took ${shown(cores(one))} of a core, the fans in their own process ${shown(cores(one, one.driverCpuMs))}`;
  const perSecond = (one: Phase, what: number): number => (what * 1_000) / one.milliseconds;
  const requests = perSecond(staying, staying.requests);
  const theirs = PEOPLE / PREDECESSOR_POLL_SECONDS;
  const messages = perSecond(staying, staying.frames + staying.pings);
  const stayed = `${shown(staying.milliseconds / 1_000)} s of staying`;
  const polls = `from when a poll was due to its answer; ${crowd.polls.length} polls of ${PEOPLE - SOCKETS} people in ${stayed}`;
  const entered = "from the moment all were due to the answer with a place";
  return {
    enter_p50_ms: { value: percentile(crowd.joins, 0.5), note: entered, detail: quantiles(crowd.joins) },
    enter_p95_ms: { value: percentile(crowd.joins, 0.95), note: entered },
    enter_p99_ms: {
      value: percentile(crowd.joins, 0.99),
      note: `${entered}; ${CONNECTIONS} requests in flight, everybody else has one waiting; ${LOBBIES} lobbies; clients on the same machine`,
    },
    enter_requests_per_second: {
      value: perSecond(entering, entering.requests),
      note:
        `${entering.requests} requests (joins, sockets when the answer says so, first polls) until all ${PEOPLE} had a place and ${SOCKETS} a socket, after ` +
        `${shown(entering.milliseconds / 1_000)} s; ${busy(entering)}`,
    },
    enter_cpu_us_per_person: {
      value: (entering.cpuMs * 1_000) / PEOPLE,
      note: "the runtime's processor time, as the kernel counts it, for a join each and a socket for four in five",
    },
    stay_requests_per_second: {
      value: requests,
      note: `${staying.requests} requests in ${stayed}; the predecessor's clients made ${shown(theirs)} a second (${PEOPLE} people, one in ${PREDECESSOR_POLL_SECONDS} s each): ${shown(theirs / requests)} times as many`,
      detail: { ours: requests, predecessor: theirs },
    },
    stay_messages_per_second: {
      value: messages,
      note: `${shown(perSecond(staying, staying.frames))} frames to the sockets and ${shown(perSecond(staying, staying.pings))} pings from them; the object itself heard ${shown(perSecond(staying, calls))} calls a second`,
    },
    stay_poll_p50_ms: { value: percentile(crowd.polls, 0.5), note: polls, detail: quantiles(crowd.polls) },
    stay_poll_p95_ms: { value: percentile(crowd.polls, 0.95), note: polls },
    stay_poll_p99_ms: { value: percentile(crowd.polls, 0.99), note: polls },
    stay_cpu_cores: {
      value: cores(staying),
      note: `${busy(staying)}; the runtime has ${shown(memoryOf(bench.pid).now)} MB of memory at the end`,
    },
    stay_cpu_us_per_person_second: {
      value: (staying.cpuMs * 1_000_000) / staying.milliseconds / PEOPLE,
      note: "processor time of the runtime for one person to wait one second",
    },
    errors: { value: crowd.errors.length, note: crowd.complaint() },
    places_lost: {
      value: lost,
      note: `everybody was asked at the end: the number of the beginning, and places that are 0 to ${PEOPLE - 1}, each once`,
    },
  };
}

class Crowd {
  /** Milliseconds from the moment everybody wanted in to each one's place. */
  readonly joins: number[] = [];
  /** The same of each poll while staying. */
  readonly polls: number[] = [];
  readonly errors: string[] = [];
  readonly #fans: Fans;
  readonly #everybody: readonly Fan[];
  readonly #numbers = new Map<Fan, number>();
  readonly #heard = new Set<Fan>();
  readonly #alarms = new Set<NodeJS.Timeout>();
  #staying = false;
  #beat: NodeJS.Timeout | null = null;
  #turn = 0;

  constructor(fans: Fans, everybody: readonly Fan[]) {
    this.#fans = fans;
    this.#everybody = everybody;
  }

  async enter(): Promise<void> {
    this.#beat = setInterval(() => this.#fans.ping(this.#turn++, PING_SECONDS), 1_000);
    const due = performance.now();
    await Promise.all(this.#everybody.map((fan) => this.#safely(() => this.#enterOne(fan, due))));
  }

  async #enterOne(fan: Fan, due: number): Promise<void> {
    const { number, place, pollAfterSeconds, connectAfterMs } = await this.#fans.join(fan);
    if (number === null || place === null) throw new Error("somebody was given no place");
    this.joins.push(performance.now() - due);
    this.#numbers.set(fan, number);
    if (fan.number % POLLING_EVERY === 0) return this.#pollAfter(fan, pollAfterSeconds);
    await new Promise((resolve) => setTimeout(resolve, connectAfterMs));
    await this.#fans.open(fan, (one) => this.#heard.add(one));
  }

  /** Polls go on by themselves, sockets listen: what happens in this time is what staying costs. */
  async stay(ms: number): Promise<void> {
    this.#heard.clear();
    this.#staying = true;
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#staying = false;
    const silent = SOCKETS - this.#heard.size;
    if (silent > 0) this.errors.push(`${silent} sockets heard nothing while they waited`);
    if (this.#fans.alive !== SOCKETS) this.errors.push(`${SOCKETS - this.#fans.alive} sockets were closed`);
  }

  #pollAfter(fan: Fan, seconds: number): void {
    const due = performance.now() + seconds * 1_000;
    const alarm = setTimeout(() => {
      this.#alarms.delete(alarm);
      void this.#safely(() => this.#poll(fan, due));
    }, seconds * 1_000);
    this.#alarms.add(alarm);
  }

  async #poll(fan: Fan, due: number): Promise<void> {
    const counts = this.#staying;
    const { pollAfterSeconds } = await this.#fans.look(fan);
    if (counts) this.polls.push(performance.now() - due);
    this.#pollAfter(fan, pollAfterSeconds);
  }

  /** People who are no longer where they were, and places that somebody else has as well. */
  async lost(): Promise<number> {
    for (const alarm of this.#alarms) clearTimeout(alarm);
    const places = new Set<number>();
    let kept = 0;
    await Promise.all(
      this.#everybody.map((fan) =>
        this.#safely(async () => {
          const { state, number, place } = await this.#fans.look(fan);
          if (place === null || place < 0 || place >= PEOPLE || !THERE.has(state)) return;
          if (number === this.#numbers.get(fan)) kept += 1;
          places.add(place);
        }),
      ),
    );
    return PEOPLE - Math.min(kept, places.size);
  }

  complaint(): string {
    const first = this.errors[0];
    return `requests that were not answered with a success, sockets that were closed or heard nothing${first === undefined ? "" : `; the first: ${first}`}`;
  }

  end(): void {
    for (const alarm of this.#alarms) clearTimeout(alarm);
    if (this.#beat !== null) clearInterval(this.#beat);
    this.#fans.end();
  }

  /** One person's trouble is counted, and everybody else goes on. */
  async #safely(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.errors.push(error instanceof Error ? error.message : String(error));
    }
  }
}

export const predecessor: readonly Study[] = [rush];
