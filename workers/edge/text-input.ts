/** Text that people type and other people will see. */
import { z } from "@hono/zod-openapi";

/** Control characters, halves of surrogate pairs, and the marks that turn the direction of the text around them. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/u;
/** The same, except tabs and line feeds. */
const UNPRINTABLE_BUT_LINES = /(?![\t\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** Length as people count it: code points, not UTF-16 units. */
const lengthOf = (text: string): number => [...text].length;

/** One line: trimmed, composed (NFC), `least` to `most` characters. */
export const line = (least: number, most: number) =>
  z
    .string()
    // Before anything is normalised: a bound on the work.
    .max(most * 4 + 100)
    .transform((text) => text.normalize("NFC").trim())
    .refine((text) => lengthOf(text) >= least && lengthOf(text) <= most, `must have ${least} to ${most} characters`)
    .refine((text) => !UNPRINTABLE.test(text), "must not contain control characters")
    .openapi({ type: "string", minLength: least, maxLength: most });

/** Several lines. */
export const paragraphs = (most: number) =>
  z
    .string()
    .max(most * 4 + 100)
    .transform((text) => text.normalize("NFC").replaceAll("\r\n", "\n").trim())
    .refine((text) => lengthOf(text) <= most, `must have at most ${most} characters`)
    .refine((text) => !UNPRINTABLE_BUT_LINES.test(text), "must not contain control characters")
    .openapi({ type: "string", maxLength: most });

export const timeZone = z
  .string()
  .max(64)
  .refine(isTimeZone, "must be an IANA time zone such as Asia/Seoul")
  .openapi({ example: "Asia/Seoul" });

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** No spaces, brackets, quotes, or characters that show as nothing (control, format, unassigned). */
const UNFIT = String.raw`\s@<>"\p{Cc}\p{Cf}\p{Cn}\p{Co}\p{Cs}`;
/** A label has no dot in it, so that there is one way to read a domain, and a wrong one is refused as fast as it is read. */
const ADDRESS = new RegExp(`^[^${UNFIT}]{1,64}@(?:[^.${UNFIT}]+\\.)+[^.${UNFIT}]{2,}$`, "u");

/**
 * An address and its key. Unicode forms of the same text become one (NFKC), a domain in its own script is the same as in
 * its ASCII form, and case is ignored, as every mail provider in practice does. What would only look like another address
 * (invisible characters) is refused. Look-alikes of different scripts stay different: merging them would hand one person
 * another's account.
 */
export const emailAddress = z
  .string()
  .max(1_000)
  .transform((text) => text.normalize("NFKC").trim())
  .refine((text) => text.length <= 254 && ADDRESS.test(text) && asciiDomain(text) !== null, "must be an e-mail address")
  .transform((email) => ({ email, key: `${localPart(email).toLowerCase()}@${asciiDomain(email)}` }))
  .openapi({ type: "string", format: "email", maxLength: 254 });

function localPart(email: string): string {
  return email.slice(0, email.lastIndexOf("@"));
}

/** As names are resolved (UTS 46): `Bücher.example` is `xn--bcher-kva.example`. Null for what is no domain name. */
function asciiDomain(email: string): string | null {
  const domain = email.slice(email.lastIndexOf("@") + 1);
  if (/[/?#\\:[\]%]/.test(domain) || !URL.canParse(`http://${domain}`)) return null;
  const { hostname } = new URL(`http://${domain}`);
  // An address made of numbers only is a host, and no domain that mail is delivered to.
  return /\.[a-z][a-z0-9-]*$/.test(hostname) ? hostname : null;
}

export const password = z
  .string()
  .max(1_000)
  .refine((text) => lengthOf(text) >= 8 && lengthOf(text) <= 200, "must have 8 to 200 characters")
  .openapi({ type: "string", format: "password", minLength: 8, maxLength: 200 });
