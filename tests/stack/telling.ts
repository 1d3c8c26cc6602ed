/** Notices against the real inbox, a receiver of webhooks, Postgres, and events of a history delivered by hand. */
import { createServer } from "node:http";
import { vi } from "vitest";
import { startInbox } from "../../dev/mail/server.ts";
import type { Order } from "../../durable-objects/performance/contract.ts";
import { Delivery } from "./delivery.ts";
import { startEdge, textAt, type Edge } from "./edge.ts";
import { History } from "./history.ts";

type Inbox = Awaited<ReturnType<typeof startInbox>>;

interface Heard {
  readonly id: string;
  readonly signature: string;
  readonly timestamp: string;
  readonly body: string;
}

export class Telling {
  /** What the receiver answers next, in this order; then 204. "endless": 200, and a body that never ends. */
  answers: (number | "endless")[] = [];
  heard: Heard[] = [];
  delivery: Delivery;
  history = new History();
  #number = 0;

  readonly edge: Edge;
  readonly inbox: Inbox;
  readonly settings: Record<string, unknown>;
  /** Token of the organiser whose webhooks are told. */
  readonly organiser: string;

  private constructor(edge: Edge, inbox: Inbox, settings: Record<string, unknown>, organiser: string) {
    this.edge = edge;
    this.inbox = inbox;
    this.settings = settings;
    this.organiser = organiser;
    this.delivery = new Delivery(settings);
  }

  static async start(): Promise<Telling> {
    const edge = await startEdge();
    const inbox = await startInbox({ port: 0, key: "k" });
    const signedIn = await edge.signIn("tells@example.com", "organiser");
    const settings = {
      ...edge.env,
      MAIL_API_URL: `${inbox.url}/emails`,
      MAIL_API_KEY: "k",
      MAIL_FROM: "T <t@ticketping.test>",
      PUBLIC_ORIGIN: "https://tickets.example",
      LOCAL_WEBHOOKS: "1",
    };
    for (const name of ["log", "warn", "error"] as const) vi.spyOn(console, name).mockReturnValue();
    const telling = new Telling(edge, inbox, settings, textAt(signedIn.body, "accessToken"));
    await telling.#listen();
    return telling;
  }

  #receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      const header = (name: string): string => String(request.headers[name]);
      this.heard.push({
        id: header("webhook-id"),
        signature: header("webhook-signature"),
        timestamp: header("webhook-timestamp"),
        body,
      });
      const next = this.answers.shift() ?? 204;
      if (next === "endless") response.writeHead(200).write("and then");
      else response.writeHead(next).end();
    });
  });
  receiverUrl = "";

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => void this.#receiver.listen(0, "127.0.0.1", resolve));
    const address = this.#receiver.address();
    this.receiverUrl = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/hook`;
  }

  async end(): Promise<void> {
    vi.restoreAllMocks();
    this.#receiver.close();
    this.#receiver.closeAllConnections();
    await this.inbox.close();
    await this.edge.close();
  }

  /** Nothing of the test before is left. */
  async begin(): Promise<void> {
    await this.edge.sql.query(
      "truncate notices, webhook_deliveries, webhooks, applied_events, orders, performances cascade",
    );
    this.answers = [];
    this.heard = [];
    this.delivery = new Delivery(this.settings);
    this.history = new History();
    await this.edge.sql.query(
      `insert into performances (id, owner, organisation_id, title)
       select $1, m.id, o.organisation_id, '햄릿' from members m join organisation_members o on o.member_id = m.id
       where m.email_key = 'tells@example.com'`,
      [this.history.performanceId],
    );
  }

  /** A paid order of a member who reads this language, delivered. */
  async bought(
    language = "ko",
    ...more: readonly string[]
  ): Promise<{ readonly email: string; readonly order: Order }> {
    this.#number += 1;
    const order = this.history.place(`A-${this.#number}`, ...more);
    const email = `buyer-${this.#number}@example.com`;
    await this.edge.sql.query(
      "insert into members (id, email, email_key, nickname, password_hash, language) values ($1, $2, $2, '하늘', 'none', $3)",
      [order.member, email, language],
    );
    const paid = this.history.pay(order);
    await this.delivery.deliver(...this.history.events);
    return { email, order: paid };
  }

  async mailsTo(email: string): Promise<readonly string[]> {
    const answer = await fetch(`${this.inbox.url}/mails?to=${email}`);
    const { items } = (await answer.json()) as { items: readonly { subject: string; text: string }[] };
    return items.map(({ subject, text }) => `${subject}\n${text}`);
  }

  async registered(): Promise<{ id: string; secret: string }> {
    const secret = "whsec_" + Buffer.from("a secret of thirty-two bytes....").toString("base64");
    const id = crypto.randomUUID();
    await this.edge.sql.query(
      "insert into webhooks (id, owner, url, secret) values ($1, (select id from members where email_key = 'tells@example.com'), $2, $3)",
      [id, this.receiverUrl, secret],
    );
    return { id, secret };
  }
}
