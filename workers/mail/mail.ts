/**
 * Mail, through an HTTP API of the kind that Resend and others offer: `POST MAIL_API_URL` with from, to, subject, text and
 * html, a bearer key, and an Idempotency-Key under which a repeated request is one mail
 * (https://resend.com/docs/api-reference/emails/send-email).
 *
 * Without the three settings mail is off. A caller is told so, and decides what that means: nothing is dropped in silence.
 */
import type { Signal } from "../../durable-objects/in-time.ts";
import { log } from "../../durable-objects/log.ts";
import { guarded } from "../calls/guard.ts";
import type { Environment } from "../environment.ts";
import { letterOf, type MailKind, type MailKinds } from "./kinds.ts";
import { messageOf, type Language } from "./letter.ts";

export type { Language } from "./letter.ts";

export type MailSettings = Pick<Environment, "MAIL_API_URL" | "MAIL_API_KEY" | "MAIL_FROM">;

export interface Mail<Kind extends MailKind = MailKind> {
  readonly to: string;
  readonly language: Language;
  readonly kind: Kind;
  readonly values: MailKinds[Kind];
  /** The same id is the same mail, however often it is sent within a day. Without it every call is a mail of its own. */
  readonly id?: string;
}

export type MailOutcome =
  /** Handed over: whether it arrives is between the mail service and the reader. */
  | { readonly sent: true }
  /**
   * `off`: no settings. `refused`: the service will not take this mail, and asking again will not change that.
   * `unavailable`: no answer worth having within the tries; the mail may still have been taken.
   */
  | { readonly sent: false; readonly reason: "off" | "refused" | "unavailable" };

/** Waits, give or take a quarter, between the tries, so that three tries end within about 18 s: what the platform grants after an answer is 30 s. */
const PAUSES_MS = [500, 2_000] as const;

/** What may be replaced in a test. */
export interface MailSurroundings {
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly pause: (milliseconds: number) => Promise<void>;
}

const platform: MailSurroundings = {
  fetch: (url, init) => fetch(url, init),
  pause: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds * (0.75 + Math.random() / 2))),
};

interface On {
  readonly url: string;
  readonly key: string;
  readonly from: string;
}

export function mailIsOn(env: MailSettings): boolean {
  return settingsOf(env) !== null;
}

/** Sends one mail; never throws for what the service does. The address and the content are in no log. */
export async function sendMail<Kind extends MailKind>(
  env: MailSettings,
  mail: Mail<Kind>,
  { fetch, pause }: MailSurroundings = platform,
): Promise<MailOutcome> {
  const settings = settingsOf(env);
  if (settings === null) return failed(mail.kind, "off", "no settings");
  const message = messageOf(letterOf(mail.kind, mail.language, mail.values), mail.language);
  const request = requestOf(settings, { from: settings.from, to: [mail.to], ...message }, mail.id);
  let last = "";
  for (const wait of [0, ...PAUSES_MS]) {
    if (wait > 0) await pause(wait);
    const answer = await tryOnce(env, settings.url, request, fetch);
    if (answer === "taken") return { sent: true };
    if (answer.final) return failed(mail.kind, "refused", answer.cause);
    last = answer.cause;
  }
  return failed(mail.kind, "unavailable", last);
}

function settingsOf(env: MailSettings): On | null {
  const { MAIL_API_URL: url, MAIL_API_KEY: key, MAIL_FROM: from } = env;
  if (!url || !key || !from) return null;
  return { url, key, from };
}

function requestOf(settings: On, body: unknown, id: string = crypto.randomUUID()): RequestInit {
  return {
    method: "POST",
    headers: {
      authorization: `Bearer ${settings.key}`,
      "content-type": "application/json",
      "idempotency-key": id,
    },
    body: JSON.stringify(body),
    redirect: "manual",
  };
}

async function tryOnce(
  env: MailSettings,
  url: string,
  request: RequestInit,
  fetch: MailSurroundings["fetch"],
): Promise<"taken" | { readonly final: boolean; readonly cause: string }> {
  try {
    const ask = async (signal: Signal): Promise<Response> => {
      const response = await fetch(url, { ...request, signal: signal() });
      await response.body?.cancel();
      return response;
    };
    const answer = await guarded(env, "mail", ask, { isTrouble: ({ status }) => status >= 500 || status === 429 });
    if (answer.ok) return "taken";
    // 409: the first request under this key is still being worked on. 408 and 425 say themselves that later may be better.
    const passing = answer.status >= 500 || [408, 409, 425, 429].includes(answer.status);
    return { final: !passing, cause: `HTTP ${answer.status}` };
  } catch (error) {
    return { final: false, cause: error instanceof Error ? error.name : "unreachable" };
  }
}

function failed(kind: MailKind, reason: "off" | "refused" | "unavailable", cause: string): MailOutcome {
  log("warn", "mail", "not sent", { kind, reason, cause });
  return { sent: false, reason };
}
