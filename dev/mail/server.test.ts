/** The inbox as the Worker and a reader meet it: over HTTP, with the mail adapter that runs in production. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { sendMail, type Mail } from "../../workers/mail/mail.ts";
import type { ListeningServer } from "../http-server.ts";
import { startInbox } from "./server.ts";

let inbox: ListeningServer;
const list = z.object({ items: z.array(z.looseObject({ id: z.string(), to: z.array(z.string()), text: z.string() })) });
const mail: Mail<"verify-email"> = {
  to: "ada@example.com",
  language: "ko",
  kind: "verify-email",
  values: { nickname: "<b>에이다", link: "https://app.example/verify#abc", hours: 24 },
  id: "verify-1",
};

beforeEach(async () => {
  inbox = await startInbox({ port: 0, key: "k" });
});
afterEach(() => inbox.close());

const settings = (key = "k") => ({ MAIL_API_URL: `${inbox.url}/emails`, MAIL_API_KEY: key, MAIL_FROM: "T <t@t.test>" });
const mailsOf = async (to: string) => list.parse(await (await fetch(`${inbox.url}/mails?to=${to}`)).json()).items;
const trouble = (fault: unknown) =>
  fetch(`${inbox.url}/sandbox/faults`, { method: "POST", body: JSON.stringify(fault) });
const atOnce = { fetch: (url: string, init: RequestInit) => fetch(url, init), pause: () => Promise.resolve() };

describe("the inbox", () => {
  it("takes what the adapter sends, once per key, and shows it as text", async () => {
    expect(await sendMail(settings(), mail)).toEqual({ sent: true });
    expect(await sendMail(settings(), mail)).toEqual({ sent: true });
    const [first, ...more] = await mailsOf("ada@example.com");
    expect(more).toEqual([]);
    expect(first?.text).toContain("https://app.example/verify#abc");
    expect(await mailsOf("somebody@else.test")).toEqual([]);
    const page = await (await fetch(inbox.url)).text();
    expect(page).toContain('<a href="https://app.example/verify#abc">');
    expect(page).not.toContain("<b>");
    const shown = await fetch(`${inbox.url}/mails/${first?.id}/html`);
    expect(shown.headers.get("content-security-policy")).toMatch(/^sandbox/);
  });

  it("refuses a wrong key, and is down when it is told to", async () => {
    expect(await sendMail(settings("wrong"), mail, atOnce)).toEqual({ sent: false, reason: "refused" });
    expect((await trouble({ fault: "down" })).status).toBe(200);
    expect(await sendMail(settings(), mail, atOnce)).toEqual({ sent: false, reason: "unavailable" });
    expect(await mailsOf("ada@example.com")).toEqual([]);
    await trouble({ fault: "slow", slowMs: 20 });
    expect(await sendMail(settings(), mail, atOnce)).toEqual({ sent: true });
    expect((await trouble({ fault: "rain" })).status).toBe(400);
  });
});
