/** An organiser's mistake, mended by whoever is on call: the routes of the organiser's console, each as a command. */
import { z } from "zod";
import type { Api } from "../demo/client.ts";
import { Failure } from "../failure.ts";
import { jsonIn, moment, parsed, performanceIn, text, type Options, type Said } from "./arguments.ts";
import type { Command } from "./commands.ts";

/** What is asked of the sale, and the sentence to print when it is done. */
interface Asked {
  /** Method, and the path after the performance's. */
  readonly request: `${"POST" | "PATCH" | "PUT"} /${string}`;
  readonly body?: unknown;
  readonly done: string;
}

function command(usage: string, what: string, options: Options, ask: (said: Said) => Asked): Command {
  return {
    usage,
    what,
    async run(api: Api, token: string, args: readonly string[]) {
      const said = parsed(args, options);
      const { request, body = {}, done } = ask(said);
      const [method, path = ""] = request.split(" ");
      const route = `${method} /api/organizer/performances/${performanceIn(said.positionals)}${path}`;
      await api.call(route, z.unknown(), { token, body });
      return done;
    },
  };
}

const words = { type: "string" } as const;
const dateOf = (said: Said): `/schedules/${string}` => `/schedules/${encodeURIComponent(text(said, "date"))}`;

export const mistakes: Readonly<Record<string, Command>> = {
  pause: command("pause PERFORMANCE", "lets nobody in, and takes no hold or order; nobody loses a place", {}, () => ({
    request: "POST /pause",
    done: "Paused. What is ordered can still be paid.",
  })),
  resume: command("resume PERFORMANCE", "goes on after a pause", {}, () => ({
    request: "POST /resume",
    done: "It goes on.",
  })),
  close: command("close PERFORMANCE", "ends the sale for good", {}, () => ({
    request: "POST /close",
    done: "Closed for good. Orders, cancellations and refunds go on.",
  })),
  limits: command(
    "limits PERFORMANCE [--capacity N] [--rate N]",
    "changes how many are in at once, and are let in within a minute; throws nobody out",
    { capacity: words, rate: words },
    (said) => ({ request: "PATCH /settings", body: limitsOf(said), done: "The limits hold from now on." }),
  ),
  notice: command(
    "notice PERFORMANCE [--text TEXT]",
    "says it to everybody who waits; without --text the notice is taken down",
    { text: words },
    ({ values }) => ({
      request: "POST /notice",
      body: { text: values["text"] ?? null },
      done: values["text"] === undefined ? "There is no notice any more." : "Everybody reads it within a tick.",
    }),
  ),
  revoke: command(
    "revoke PERFORMANCE --member MEMBER",
    "somebody loses place and session, and does not come back",
    { member: words },
    (said) => ({ request: "POST /revoke", body: { memberId: text(said, "member") }, done: "They are out." }),
  ),
  "revoke-all": command("revoke-all PERFORMANCE", "ends every booking session and pass", {}, () => ({
    request: "POST /revoke-all",
    done: "All sessions have ended. Places and orders stay.",
  })),
  "cancel-order": command(
    "cancel-order PERFORMANCE --order ORDER --reason TEXT [--seats ID,ID]",
    "gives an order, or some of its seats, back without a fee",
    { order: words, reason: words, seats: words },
    (said) => ({
      request: `POST /orders/${encodeURIComponent(text(said, "order"))}/cancel`,
      body: { reason: text(said, "reason"), ...seatsOf(said) },
      done: "Cancelled. The money goes back by itself; the seats are published for return.",
    }),
  ),
  "cancel-date": command(
    "cancel-date PERFORMANCE --date SCHEDULE --reason TEXT",
    "gives every order of a date back in full; cannot be stopped",
    { date: words, reason: words },
    (said) => ({
      request: `POST ${dateOf(said)}/cancel`,
      body: { reason: text(said, "reason") },
      done: "Cancelled. Its orders are given back, a few at a time.",
    }),
  ),
  "move-date": command(
    "move-date PERFORMANCE --date SCHEDULE --starts TIME --free-until TIME",
    "moves a date; buyers may give back without a fee until then",
    { date: words, starts: words, "free-until": words },
    (said) => ({
      request: `POST ${dateOf(said)}/move`,
      body: {
        startsAt: moment(text(said, "starts"), "starts"),
        freeUntil: moment(text(said, "free-until"), "free-until"),
      },
      done: "Moved. Its buyers are told, and their tickets are issued again.",
    }),
  ),
  chart: command(
    "chart PERFORMANCE --date SCHEDULE --file FILE",
    "sells a date by another chart (JSON); places somebody has must stay as they are",
    { date: words, file: words },
    (said) => ({
      request: `PUT ${dateOf(said)}/chart`,
      body: { chart: jsonIn(text(said, "file"), "--file is a chart as JSON (docs/charts.md).") },
      done: "The date sells by this chart from now on.",
    }),
  ),
};

function limitsOf({ values }: Said): Readonly<Record<string, number>> {
  const limits = [
    ["capacity", values["capacity"]],
    ["ratePerMinute", values["rate"]],
  ].flatMap(([name, value]) => (typeof value === "string" ? [[String(name), Number(value)] as const] : []));
  if (limits.length === 0) throw new Failure("Say --capacity, --rate, or both.");
  if (limits.some(([, value]) => !Number.isSafeInteger(value))) throw new Failure("Limits are whole numbers.");
  return Object.fromEntries(limits);
}

function seatsOf({ values }: Said): { readonly seats?: readonly string[] } {
  return typeof values["seats"] === "string" ? { seats: values["seats"].split(",") } : {};
}
