/** A whole stack of a test file's own, in a temporary folder and on free ports, and what its tests do with it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { z } from "zod";
import { OrganiserCatalogue } from "../../dev/demo/catalogue.ts";
import { Api } from "../../dev/demo/client.ts";
import { crowd, type CrowdMember } from "../../dev/demo/crowd.ts";
import { gridChart } from "../../dev/demo/halls.ts";
import { organiserToken } from "../../dev/demo/sign-in.ts";
import type { Chart } from "../../durable-objects/performance/seats/chart.ts";
import { readSecrets } from "../../dev/secrets.ts";
import { startStack } from "../../dev/stack.ts";
import { PORTS } from "../../dev/ports.ts";
import { freePorts } from "./ports.ts";

const DAY = 86_400_000;

export interface Where {
  readonly origin: string;
  readonly databaseUrl: string;
  readonly tossUrl: string;
  readonly stripeUrl: string;
  readonly inboxUrl: string;
}

export interface Show {
  readonly id: string;
  readonly title: string;
  readonly scheduleId: string;
}

export interface ShowOptions {
  readonly title: string;
  /** Seats are r1s1 … r<rows>s<columns>. */
  readonly rows: number;
  readonly columns: number;
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What a sale comes to, as its object counts it. */
const figuresAnswer = z.looseObject({
  outboxDepth: z.number(),
  seatsByStatus: z.record(z.string(), z.number()),
  ordersByStatus: z.record(z.string(), z.number()),
  admittedTotal: z.number(),
  status: z.looseObject({ joined: z.number(), sessions: z.number() }),
});
const schedulesAnswer = z.looseObject({ items: z.array(z.looseObject({ id: z.string() })) });
const money = z.object({ payments: z.number(), captured: z.number(), refunded: z.number() });
const books = z.looseObject({ byOrder: z.record(z.string(), money) });
export type Money = z.infer<typeof money>;

/** A running stack seen from outside. */
export class House {
  readonly api: Api;
  readonly where: Where;
  readonly sql: pg.Client;
  readonly organiser: string;
  /** Where what it keeps lies, its log too. */
  readonly dataDir: string;
  readonly #stop: () => Promise<void>;

  static async visit(where: Where, stop: () => Promise<void> = () => Promise.resolve(), dataDir = ""): Promise<House> {
    const sql = new pg.Client({ connectionString: where.databaseUrl });
    // A server that is killed breaks the connection: the test that asks next is told.
    sql.on("error", () => undefined);
    await sql.connect();
    const organiser = await organiserToken(new Api(where.origin), where.databaseUrl);
    return new House(where, sql, organiser, stop, dataDir);
  }

  private constructor(where: Where, sql: pg.Client, organiser: string, stop: () => Promise<void>, dataDir: string) {
    this.where = where;
    this.api = new Api(where.origin);
    this.sql = sql;
    this.organiser = organiser;
    this.#stop = stop;
    this.dataDir = dataDir;
  }

  /** A performance on sale since a second ago. */
  open({ title, rows, columns, settings }: ShowOptions): Promise<Show> {
    const prices = { S: 110_000, A: 90_000, B: 70_000 };
    return this.openIn(gridChart(rows, columns), prices, { title, ...(settings === undefined ? {} : { settings }) });
  }

  /** The same in a hall of any chart, so many days from now; a hall is known by the name of its chart. */
  async openIn(
    chart: Chart,
    prices: Readonly<Record<string, number>>,
    {
      title,
      titleEn,
      settings,
      days = [30],
    }: Pick<ShowOptions, "title" | "settings"> & { readonly titleEn?: string; readonly days?: readonly number[] },
  ): Promise<Show> {
    const catalogue = new OrganiserCatalogue(this.api, this.organiser);
    const hallId = await catalogue.hall({
      name: chart.name,
      address: "서울특별시",
      timeZone: "Asia/Seoul",
      chart,
    });
    const now = Date.now();
    const { id } = await catalogue.performance(hallId, {
      title,
      ...(titleEn === undefined ? {} : { titleEn }),
      description: "",
      runTimeMinutes: 90,
      ageRating: "전체",
      currency: "KRW",
      prices,
      settings: { openAt: iso(now - 1_000), closeAt: iso(now + DAY), capacity: 100, ratePerMinute: 6_000, ...settings },
      startsAt: days.map((day) => iso(now + day * DAY)),
    });
    const { items } = await this.api.call(`GET /api/performances/${id}/schedules`, schedulesAnswer);
    return { id, title, scheduleId: items[0]?.id ?? "" };
  }

  /** Members that exist, signed in. */
  members(count: number): Promise<readonly CrowdMember[]> {
    return crowd(this.where.databaseUrl, readSecrets().SESSION_KEYS, count);
  }

  async member(): Promise<CrowdMember> {
    const [one] = await this.members(1);
    if (one === undefined) throw new Error("no member was made");
    return one;
  }

  figures(show: Show): Promise<z.infer<typeof figuresAnswer>> {
    return this.api.call(`GET /api/organizer/performances/${show.id}/live`, figuresAnswer, { token: this.organiser });
  }

  /** What the provider took and gave back for an order, over all attempts to pay it. */
  async moneyOf(orderId: string): Promise<Money> {
    const total = { payments: 0, captured: 0, refunded: 0 };
    const read = [this.where.tossUrl, this.where.stripeUrl].map(async (url) => {
      const response = await fetch(new URL("/sandbox/books", url));
      return Object.entries(books.parse(await response.json()).byOrder);
    });
    for (const [name, entry] of (await Promise.all(read)).flat()) {
      // Toss knows an attempt as the order's id and the attempt's number.
      if (name !== orderId && name.replace(/-\d{1,3}$/, "") !== orderId) continue;
      total.payments += entry.payments;
      total.captured += entry.captured;
      total.refunded += entry.refunded;
    }
    return total;
  }

  /** Orders a provider's sandbox to make trouble. */
  async trouble(order: Readonly<Record<string, unknown>>, provider: "toss" | "stripe" = "toss"): Promise<void> {
    const body = JSON.stringify(order);
    const url = provider === "toss" ? this.where.tossUrl : this.where.stripeUrl;
    const response = await fetch(new URL("/sandbox/faults", url), { method: "POST", body });
    if (!response.ok) throw new Error(`the sandbox refused: ${await response.text()}`);
  }

  /** One number that a statement counts. */
  async count(statement: string, ...values: readonly unknown[]): Promise<number> {
    const { rows } = await this.sql.query<{ n: string }>(`select count(*) as n from ${statement}`, [...values]);
    return Number(rows[0]?.n);
  }

  /** Everything Postgres keeps of one order. */
  async recordOf(orderId: string): Promise<Readonly<Record<string, unknown>>> {
    const { rows } = await this.sql.query<Record<string, unknown>>(
      `select (select string_agg(status, ',') from orders where id = $1) as status,
        (select count(*)::int from order_seats where order_id = $1 and status = 'sold') as sold,
        (select count(*)::int from tickets where order_id = $1 and status = 'valid') as tickets,
        (select count(*)::int from payments where order_id = $1 and status = 'approved') as approved,
        (select count(*)::int from refunds where order_id = $1 and status = 'refunded') as refunds,
        (select count(*)::int from ledger_entries where order_id = $1) as entries,
        (select coalesce(sum(debit - credit), 0)::int from ledger_entries where order_id = $1 and account like 'provider:%') as money,
        (select coalesce(sum(debit - credit), 0)::int from ledger_entries where order_id = $1) as balance`,
      [orderId],
    );
    return rows[0] ?? {};
  }

  async close(): Promise<void> {
    await this.sql.end().catch(() => undefined);
    await this.#stop();
  }
}

export async function startHouse(options: {
  readonly demoData: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  /** An existing Postgres, used instead of starting one. */
  readonly databaseUrl?: string;
}): Promise<House> {
  const dataDir = mkdtempSync(path.join(tmpdir(), "ticketping-house-"));
  const forget = (): void => rmSync(dataDir, { recursive: true, force: true });
  try {
    const stack = await startStack({ dataDir, port: await freePorts(PORTS), ...options });
    try {
      const stop = async (): Promise<void> => {
        await stack.stop();
        forget();
      };
      return await House.visit(stack, stop, dataDir);
    } catch (error) {
      await stack.stop();
      throw error;
    }
  } catch (error) {
    forget();
    throw error;
  }
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
