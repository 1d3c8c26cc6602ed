/**
 * npm run reconcile: compares what the sale's object, the records and the payment providers say of every order, and changes
 * nothing. Ends with 0 when they agree.
 */
import { z } from "zod";
import { command, Misuse } from "./command.ts";
import { Failure } from "./failure.ts";
import { operations, type Operations } from "./operations.ts";

const page = z.object({
  orders: z.number(),
  reads: z.number(),
  unknown: z.number(),
  drifts: z.array(z.object({ kind: z.string(), orderId: z.string(), detail: z.string(), repairable: z.boolean() })),
  next: z.string().nullable(),
});
type Page = z.infer<typeof page>;

const sides = ["records", "provider"] as const;
const names = { records: "the records", provider: "the providers" } as const;

const usage = `npm run reconcile -- PERFORMANCE
  PERFORMANCE                      the id of a published performance
  TICKETPING_URL, METRICS_TOKEN    in the environment: another service than the one on this machine`;

async function run([performanceId, ...more]: readonly string[]): Promise<void> {
  if (!z.uuid().safeParse(performanceId).success || more.length > 0) {
    throw new Misuse("Say which performance: its id.");
  }
  const service = operations();
  let differences = 0;
  let unknown = 0;
  for (const side of sides) {
    const total = await compare(service, performanceId ?? "", side);
    differences += total.differences;
    unknown += total.unknown;
    const asked = side === "provider" ? `, ${total.reads} payments asked about` : "";
    console.log(`${total.orders} orders compared with ${names[side]}${asked}: ${total.differences} differences.`);
  }
  if (differences > 0) {
    throw new Failure(
      `The books differ in ${differences} places. What to do: docs/operations/runbook.md, BooksDiffer.`,
    );
  }
  if (unknown > 0) {
    throw new Failure(
      `Of ${unknown} orders the provider said nothing, or they are just changing: ask again in a minute.`,
    );
  }
  console.log("✓ Object, records and providers agree.");
}

async function compare(
  { api, token }: Operations,
  performanceId: string,
  side: (typeof sides)[number],
): Promise<{ orders: number; reads: number; unknown: number; differences: number }> {
  const total = { orders: 0, reads: 0, unknown: 0, differences: 0 };
  for (let after: string | null = ""; after !== null;) {
    const query = new URLSearchParams({ side, after });
    const path = `GET /api/operations/performances/${performanceId}/comparison?${query.toString()}`;
    const { orders, reads, unknown, drifts, next }: Page = await api.call(path, page, { token });
    total.orders += orders;
    total.reads += reads;
    total.unknown += unknown;
    total.differences += drifts.length;
    for (const { kind, orderId, detail, repairable } of drifts) {
      console.log(
        [kind, orderId, detail, repairable ? "(repaired by the minute's run)" : "(for somebody to look at)"].join("  "),
      );
    }
    after = next;
  }
  return total;
}

await command(usage, run);
