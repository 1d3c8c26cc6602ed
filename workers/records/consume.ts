/**
 * The consumer of the event queue. A batch is applied whole; one that fails is bisected, so that one bad message stops
 * nobody. What is applied is reported to the object, which then deletes its outbox rows; what is not will be sent again.
 */
import { errorFields, log } from "../../durable-objects/log.ts";
import { causesOf, type EventEnvelope } from "../../durable-objects/performance/events.ts";
import { askPerformanceAgain } from "../calls/objects.ts";
import type { Environment } from "../environment.ts";
import { applyEvents } from "./apply.ts";
import { isRecordsUnavailable, violatedIndex, withRecords } from "./database.ts";
import { sendNotices } from "./notices/consume.ts";
import { spread } from "./pause.ts";
import { parseEvent } from "./events-input.ts";
import { quarantine } from "./quarantine.ts";

interface Received {
  readonly message: Message;
  readonly envelope: EventEnvelope;
}

/** The second barrier against a double sale. A conflict may only mean that an earlier event is still on its way. */
const SOLD_ONCE = "order_seats_sold_once";
const PARKED_SECONDS = 10;
/** Tries; under the queue's own limit (wrangler.toml), after which a message becomes a dead letter. */
const LET_GO_AFTER = 15;

/** One batch of the event queue. Each message ends acknowledged, put back for later, or set aside. */
export async function consume(batch: MessageBatch, env: Environment): Promise<void> {
  const received: Received[] = [];
  for (const message of batch.messages) {
    const parsed = parseEvent(message.body);
    if (parsed.ok) received.push({ message, envelope: parsed.envelope });
    else await setAside(env, message, parsed.performanceId, parsed.seq, parsed.reason);
  }
  await apply(env, received);
}

async function apply(env: Environment, received: readonly Received[]): Promise<void> {
  if (received.length === 0) return;
  let told: readonly string[];
  try {
    told = await withRecords(
      env,
      (db) =>
        applyEvents(
          db,
          received.map(({ envelope }) => envelope),
        ),
      // Applied once, however often.
      { repeatable: true },
    );
  } catch (error) {
    return afterFailure(env, received, error);
  }
  for (const { message } of received) message.ack();
  logApplied(received);
  // Not lost when this fails: the rows wait, and the minute's cron sends what nobody has sent.
  await sendNotices(env, told).catch((error: unknown) => {
    log("warn", "notices", "not sent", { count: told.length, ...errorFields(error) });
  });
  await report(
    env,
    received.map(({ envelope }) => envelope),
  );
}

async function afterFailure(env: Environment, received: readonly Received[], error: unknown): Promise<void> {
  if (isRecordsUnavailable(error)) {
    // Postgres is away: everything waits, longer each time. What has waited for long is let go: it is not lost, the outbox
    // sends it again until it is reported, and a dead letter would only say that Postgres was away.
    for (const { message } of received) {
      if (message.attempts >= LET_GO_AFTER) message.ack();
      else message.retry({ delaySeconds: backoff(message.attempts) });
    }
    return;
  }
  if (received.length > 1) {
    const middle = Math.ceil(received.length / 2);
    await apply(env, received.slice(0, middle));
    return apply(env, received.slice(middle));
  }
  for (const { message, envelope } of received) {
    if (violatedIndex(error) === SOLD_ONCE) {
      const { performanceId, seq, cause } = envelope;
      const commandIds = cause === undefined ? undefined : [cause];
      log("warn", "records", "seat conflict, parked until earlier events have arrived", {
        performanceId,
        seq,
        commandIds,
      });
      message.retry({ delaySeconds: spread(PARKED_SECONDS, Math.random()) });
      continue;
    }
    const reason = error instanceof Error ? `${error.name}: ${causeOf(error)}` : "unknown";
    await setAside(env, message, envelope.performanceId, envelope.seq, reason.slice(0, 300));
  }
}

/** Kept whole in quarantine and reported as taken over, or the object would send it for ever. */
async function setAside(
  env: Environment,
  message: Message,
  performanceId: string | null,
  seq: number | null,
  reason: string,
): Promise<void> {
  try {
    await quarantine(env, { body: message.body, performanceId, seq, reason });
  } catch {
    message.retry({ delaySeconds: backoff(message.attempts) });
    return;
  }
  message.ack();
  if (performanceId !== null && seq !== null) await reportApplied(env, performanceId, [seq]);
}

async function report(env: Environment, envelopes: readonly EventEnvelope[]): Promise<void> {
  const numbers = Map.groupBy(envelopes, ({ performanceId }) => performanceId);
  for (const [performanceId, list] of numbers) {
    try {
      await reportApplied(
        env,
        performanceId,
        list.map(({ seq }) => seq),
      );
    } catch (error) {
      // Not lost: the object sends them again, they change nothing, and are reported then.
      log("warn", "records", "not reported", { performanceId, ...errorFields(error) });
    }
  }
}

function reportApplied(env: Environment, performanceId: string, numbers: readonly number[]): Promise<void> {
  return askPerformanceAgain(env, performanceId, (object) => object.applied(numbers));
}

/** Dead letters: written down with their bodies, counted, and replayed by hand when the cause is gone. */
export async function consumeDeadLetters(batch: MessageBatch, env: Environment): Promise<void> {
  for (const message of batch.messages) {
    const parsed = parseEvent(message.body);
    const address = parsed.ok ? parsed.envelope : parsed;
    const { performanceId, seq } = address;
    try {
      await quarantine(env, { body: message.body, performanceId, seq, reason: "dead letter" });
      message.ack();
    } catch {
      message.retry({ delaySeconds: spread(60, Math.random()) });
    }
  }
}

function backoff(attempts: number): number {
  return spread(Math.min(2 ** attempts, 60), Math.random());
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : error.message.slice(0, 80);
}

/** One line for each performance of a batch: which numbers are in, and nothing of what they say. */
function logApplied(received: readonly Received[]): void {
  for (const [performanceId, list] of Map.groupBy(received, ({ envelope }) => envelope.performanceId)) {
    const numbers = list.map(({ envelope }) => envelope.seq);
    const [from, to] = [Math.min(...numbers), Math.max(...numbers)];
    const oldest = Math.min(...list.map(({ envelope }) => envelope.at));
    const lagMs = Math.max(0, Date.now() - oldest);
    const commandIds = causesOf(list.map(({ envelope }) => envelope));
    log("info", "records", "applied", { performanceId, events: list.length, from, to, ms: lagMs, commandIds });
  }
}
