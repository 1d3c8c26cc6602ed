/** What `npm run recover` can do: each command, how it is called, and the one request it makes. */
import { z } from "zod";
import type { Api } from "../demo/client.ts";
import { Failure } from "../failure.ts";
import { jsonIn, moment, parsed, performanceIn } from "./arguments.ts";
import { mistakes } from "./mistakes.ts";

export interface Command {
  readonly usage: string;
  readonly what: string;
  /** Answers the sentence to print. */
  run(api: Api, token: string, args: readonly string[]): Promise<string>;
}

const rebuilt = z.object({ phase: z.string(), joined: z.number(), sold: z.number(), reported: z.number() });

const ACCOUNT = "--account is a file of JSON: bank (the code), accountNumber, holderName.";

export const commands: Readonly<Record<string, Command>> = {
  object: {
    usage: "object PERFORMANCE [--replace]",
    what: "builds a lost object again from the records; --replace: also one that still has its storage",
    async run(api, token, args) {
      const { values, positionals } = parsed(args, { replace: { type: "boolean", default: false } });
      const request = `POST ${sale(positionals)}/rebuild`;
      const body = { replace: values["replace"] === true };
      return saleSentence(await api.call(request, rebuilt, { token, body }));
    },
  },
  records: {
    usage: "records PERFORMANCE",
    what: "has the object tell every order to the records once more; nobody is mailed again",
    async run(api, token, args) {
      const request = `POST ${sale(parsed(args, {}).positionals)}/report-again`;
      const { reported } = await api.call(request, z.object({ reported: z.number() }), { token, body: {} });
      return `${reported} orders are on their way to the records. Watch ticketping_outbox_events fall to 0.`;
    },
  },
  restore: {
    usage: "restore PERFORMANCE --at TIME | --bookmark BOOKMARK",
    what: "takes the object's storage back (thirty days at most), then adds what the records know better",
    async run(api, token, args) {
      const options = { at: { type: "string" }, bookmark: { type: "string" } } as const;
      const { values, positionals } = parsed(args, options);
      const { at, bookmark } = values;
      if ((at === undefined) === (bookmark === undefined)) throw new Failure("Say --at or --bookmark.");
      const body = typeof at === "string" ? { at: moment(at) } : { bookmark };
      const answer = rebuilt.extend({ bookmark: z.string(), undo: z.string() });
      const done = await api.call(`POST ${sale(positionals)}/restore`, answer, { token, body });
      return `${saleSentence(done)}\nTo undo it: npm run recover -- restore ${positionals[0]} --bookmark ${done.undo}`;
    },
  },
  "catch-up": {
    usage: "catch-up PERFORMANCE",
    what: "an object whose storage is of an earlier moment learns what the records know better; does nothing to another",
    async run(api, token, args) {
      const request = `POST ${sale(parsed(args, {}).positionals)}/catch-up`;
      const answer = rebuilt.extend({ lacked: z.string().nullable() });
      const done = await api.call(request, answer, { token, body: {} });
      if (done.lacked !== null) return `The object lacked something: ${done.lacked}.\n${saleSentence(done)}`;
      const { phase, sold } = done;
      return `The object knows all that the records know: ${phase}, ${sold} seats sold. Nothing was done.`;
    },
  },
  empty: {
    usage: "empty PERFORMANCE",
    what: "empties the objects of a sale that is over now, not at the next minute; refused while anything can change",
    async run(api, token, args) {
      const request = `POST ${sale(parsed(args, {}).positionals)}/empty`;
      const { emptiedAt } = await api.call(request, z.object({ emptiedAt: z.string() }), { token, body: {} });
      return `Emptied at ${emptiedAt}. The records have everything.`;
    },
  },
  refund: {
    usage: "refund ORDER --reason TEXT [--seats ID,ID] [--account FILE]",
    what: "gives back an order, or some of its seats, of a sale whose object was emptied; a transfer: to the account in FILE",
    async run(api, token, args) {
      const options = { reason: { type: "string" }, seats: { type: "string" }, account: { type: "string" } } as const;
      const { values, positionals } = parsed(args, options);
      const [orderId] = positionals;
      if (orderId === undefined || typeof values["reason"] !== "string") throw new Failure("Say ORDER and --reason.");
      const seats = typeof values["seats"] === "string" ? { seats: values["seats"].split(",") } : {};
      // In a file, so that nobody's account stays in the history of a shell.
      const account = typeof values["account"] === "string" ? { account: jsonIn(values["account"], ACCOUNT) } : {};
      const answer = z.object({ order: z.looseObject({ status: z.string() }) });
      const request = `POST /api/admin/orders/${encodeURIComponent(orderId)}/refund`;
      const body = { reason: values["reason"], ...seats, ...account };
      const { order } = await api.call(request, answer, { token, body });
      return `The order is ${order.status}. Money that has not gone yet is asked for again every minute; of a transfer, when an account is said again.`;
    },
  },
  ...mistakes,
};

export function help(): string {
  const width = Math.max(...Object.values(commands).map(({ usage }) => usage.length));
  const lines = Object.values(commands).map(({ usage, what }) => `  ${usage.padEnd(width)}  ${what}`);
  return `npm run recover -- COMMAND

${lines.join("\n")}

TICKETPING_URL names the service (without it: this machine's). Who asks has to be an admin: ADMIN_EMAIL and ADMIN_PASSWORD,
or an access token in ADMIN_TOKEN. Everything asked for is in the audit log. docs/operations/runbook.md says when to use which.`;
}

function sale(positionals: readonly string[]): string {
  return `/api/admin/performances/${performanceIn(positionals)}`;
}

function saleSentence({ phase, joined, sold, reported }: z.infer<typeof rebuilt>): string {
  const next = phase === "paused" ? " Look at it, then resume it." : "";
  return `The object is there: ${phase}, ${joined} in the line, ${sold} seats sold; ${reported} orders told to the records.${next}`;
}
