/** Mail as the service meets it, and what becomes of it when the service is in trouble. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { messageOf } from "./letter.ts";
import { letterOf } from "./kinds.ts";
import { mailIsOn, sendMail, type Mail } from "./mail.ts";

const settings = {
  MAIL_API_URL: "https://mail.example/emails",
  MAIL_API_KEY: "k-1",
  MAIL_FROM: "T <t@ticketping.test>",
};
/** An isolate of its own for each test: none knows what the service did to the others. */
let on = settings;
beforeEach(() => {
  on = { ...settings };
});
const mail: Mail<"reset-password"> = {
  to: "ada@example.com",
  language: "en",
  kind: "reset-password",
  values: { nickname: "Ada", link: "https://app.example/reset#token", minutes: 30 },
};

/** A service that gives these answers in order, the last one for ever. An error is thrown. */
function service(...answers: readonly (number | Error)[]) {
  const heard: { url: string; init: RequestInit }[] = [];
  const waited: number[] = [];
  return {
    heard,
    waited,
    fetch: (url: string, init: RequestInit) => {
      const next = answers[Math.min(heard.length, answers.length - 1)];
      heard.push({ url, init });
      return next instanceof Error
        ? Promise.reject(next)
        : Promise.resolve(new Response(null, { status: next ?? 200 }));
    },
    pause: (milliseconds: number) => {
      waited.push(milliseconds);
      return Promise.resolve();
    },
  };
}

describe("a mail", () => {
  it("is sent once with both forms and a key", async () => {
    const there = service(200);
    expect(await sendMail(on, { ...mail, id: "reset-1" }, there)).toEqual({ sent: true });
    expect(there.heard).toHaveLength(1);
    const { url, init } = there.heard[0] ?? { url: "", init: {} };
    expect([url, init.method]).toEqual([on.MAIL_API_URL, "POST"]);
    expect(new Headers(init.headers).get("authorization")).toBe("Bearer k-1");
    expect(new Headers(init.headers).get("idempotency-key")).toBe("reset-1");
    const body: unknown = JSON.parse(typeof init.body === "string" ? init.body : "");
    expect(body).toMatchObject({ from: on.MAIL_FROM, to: ["ada@example.com"], subject: "Choose a new password" });
    expect(JSON.stringify(body)).toContain("https://app.example/reset#token");
  });

  it("is tried three times under one key while the service is in trouble", async () => {
    const there = service(new TypeError("no route"), 503, 200);
    expect(await sendMail(on, mail, there)).toEqual({ sent: true });
    expect(there.waited).toEqual([500, 2_000]);
    expect(new Set(there.heard.map(({ init }) => new Headers(init.headers).get("idempotency-key"))).size).toBe(1);
    const down = service(429);
    expect(await sendMail(on, mail, down)).toEqual({ sent: false, reason: "unavailable" });
    expect(down.heard).toHaveLength(3);
  });

  it("is sent when the service has said so, however long it then goes on talking", async () => {
    let stopped = false;
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("{")),
      cancel: () => void (stopped = true),
    });
    const there = { ...service(200), fetch: () => Promise.resolve(new Response(body)) };
    expect(await sendMail(on, mail, there)).toEqual({ sent: true });
    expect(stopped).toBe(true);
  });

  it("is not tried again once it was refused", async () => {
    const there = service(422, 200);
    expect(await sendMail(on, mail, there)).toEqual({ sent: false, reason: "refused" });
    expect(there.heard).toHaveLength(1);
  });

  it("is off without settings, says so, and logs neither address nor link", async () => {
    const log = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const there = service(200);
    expect(mailIsOn({ ...on, MAIL_API_KEY: "" })).toBe(false);
    expect(await sendMail({ ...on, MAIL_API_KEY: "" }, mail, there)).toEqual({ sent: false, reason: "off" });
    await sendMail(on, mail, service(400));
    expect(there.heard).toEqual([]);
    const said = JSON.stringify(log.mock.calls);
    expect(said).toContain("off");
    expect(said).not.toMatch(/ada@example|token/);
    log.mockRestore();
  });
});

describe("what a mail says", () => {
  it.each(["ko", "en"] as const)("takes what people typed as text (%s)", (language) => {
    const nickname = `<img src=x onerror=alert(1)>"'&`;
    const letter = letterOf("verify-email", language, { nickname, link: "https://a.example/v?a=1&b=2", hours: 24 });
    const { html, text } = messageOf(letter, language);
    expect(html).not.toContain("<img");
    expect(html).toContain("&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;");
    expect(html).toContain('href="https://a.example/v?a=1&amp;b=2"');
    expect(text).toContain(nickname);
    expect(text).toContain("https://a.example/v?a=1&b=2");
  });

  it("keeps a subject on one line and links to web pages only", () => {
    const letter = { subject: "Hello\r\nBcc: all@example.com", paragraphs: [], remarks: [] };
    expect(messageOf(letter, "en").subject).toBe("Hello Bcc: all@example.com");
    expect(() => messageOf({ ...letter, action: { label: "x", url: "javascript:alert(1)" } }, "en")).toThrow("link");
  });
});
