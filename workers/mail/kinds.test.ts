/** Every kind of mail in both languages: complete sentences, everything that was handed over, and only its own language. */
import { describe, expect, it } from "vitest";
import { letterOf, type MailKind, type MailKinds } from "./kinds.ts";
import { messageOf } from "./letter.ts";
import { whenWords } from "./order.ts";

const link = "https://tickets.example/order?id=x-0";
const order = {
  orderNumber: "TP-0001",
  nickname: "Ada",
  title: "Hamlet",
  when: "2027-01-29",
  hall: "Globe",
  seats: "A-1",
  amount: "110 000",
  refunded: "77 000",
  fee: "33 000",
  until: "2027-01-20",
  account: "20 100 200",
  link,
};
const person = { nickname: "Ada" };
const values: { readonly [Kind in MailKind]: MailKinds[Kind] } = {
  "verify-email": { ...person, link, hours: 48 },
  "reset-password": { ...person, link, minutes: 30 },
  "password-changed": { ...person, link },
  withdrawn: person,
  "order-confirmed": order,
  "order-cancelled": order,
  "deposit-due": order,
  "deposit-undone": order,
  "deposit-lost": order,
  "show-moved": { ...order, before: "2027-01-22", freeUntil: "2027-01-25" },
  "show-cancelled": order,
  "seats-cancelled": { ...order, gone: "A-1", kept: "A-2" },
  "seats-given-back": { ...order, gone: "A-1", kept: "A-2" },
  "refund-account": order,
  invitation: { organisation: "Globe", role: "door", link, days: 7 },
  "organisation-decided": { organisation: "Globe", status: "approved", link },
};
/** Names and words that are the same in both. */
const names = /TicketPing|QR|Ada|Hamlet|Globe|TP-|A-/g;

describe.each(Object.keys(values) as MailKind[])("%s", (kind) => {
  it.each(["ko", "en"] as const)("in %s", (language) => {
    const letter = letterOf(kind, language, values[kind]);
    const { subject, text, html } = messageOf(letter, language);
    const said = text.replaceAll(/https?:\S+/g, "");
    expect(`${subject}\n${text}\n${html}`).not.toMatch(/undefined|null|NaN|\[object|\(으\)로|이\(가\)/);
    for (const paragraph of [subject, ...letter.paragraphs, ...letter.remarks]) expect(paragraph.trim()).not.toBe("");
    if (language === "en") expect(`${subject}\n${said}`).toMatch(/^[\x20-\x7e\n—]+$/);
    else expect(`${subject}\n${said}`.replaceAll(names, "")).not.toMatch(/[A-Za-z]/);
    // A greeting ends with a comma, and what follows is a sentence all the same.
    if (language === "en") for (const paragraph of letter.paragraphs) expect(paragraph).toMatch(/^[A-Z0-9]/);
    expect(text.includes(link)).toBe("link" in values[kind]);
    expect(text.includes("TP-0001")).toBe("orderNumber" in values[kind]);
    if ("orderNumber" in values[kind]) expect(subject).toContain("Hamlet");
    // Lines of the text are lines of the HTML.
    expect(html.split("<br>").length - 1).toBe(letter.paragraphs.join("").split("\n").length - 1);
  });
});

it("a time names its zone, but to who reads Korean about a show in Korea", () => {
  const at = Date.parse("2027-01-29T10:00:00Z");
  expect(whenWords(at, "Asia/Seoul", "ko")).toBe("2027년 1월 29일 금요일 오후 7:00");
  expect(whenWords(at, "Asia/Seoul", "en")).toBe("Friday, January 29, 2027 at 7:00 PM GMT+9");
  expect(whenWords(at, "America/New_York", "ko")).toMatch(/^2027년 1월 29일 금요일 오전 5:00 .*-5$/);
});
