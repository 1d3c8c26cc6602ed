/** A member's own account: what is known, and what can be changed. */
import { type MemberHint, forgetMember, rememberMember } from "../account.ts";
import { ask, renewLogin } from "../api.ts";
import { fields, flag, nothing, nullable, oneOf, text } from "../decode.ts";

export interface Account extends MemberHint {
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly language: string | null;
  readonly role: "member" | "organiser" | "admin";
}

const account = fields<Account>({
  id: text,
  nickname: text,
  role: oneOf("member", "organiser", "admin"),
  email: nullable(text),
  emailVerified: flag,
  language: nullable(text),
});
const answer = fields({ member: account });

export async function readAccount(): Promise<Account> {
  return (await ask({ method: "GET", path: "/api/me", decode: answer })).member;
}

export async function changeAccount(change: { nickname?: string; language?: string }): Promise<Account> {
  const { member } = await ask({ method: "PATCH", path: "/api/me", body: change, decode: answer, repeatable: true });
  rememberMember(member);
  // The token carries the nickname too.
  await renewLogin();
  return member;
}

export async function changePassword(current: string, password: string): Promise<void> {
  await ask({ method: "POST", path: "/api/me/password", body: { current, password }, decode: nothing, tries: 1 });
}

export async function signOutEverywhere(): Promise<void> {
  await ask({ method: "POST", path: "/api/me/sign-out-everywhere", decode: nothing, repeatable: true });
  forgetMember();
}

export async function withdraw(password: string): Promise<void> {
  await ask({ method: "POST", path: "/api/me/withdrawal", body: { password }, decode: nothing, tries: 1 });
  forgetMember();
}

export async function sendVerification(): Promise<void> {
  await ask({ method: "POST", path: "/api/me/verification-mail", decode: nothing, tries: 1, timeoutMs: 30_000 });
}

/** Safe to repeat: the link that has confirmed an address goes on saying so. */
export async function verifyEmail(token: string): Promise<void> {
  await ask({ method: "POST", path: "/api/auth/verify-email", body: { token }, decode: nothing, repeatable: true });
}

export async function forgotPassword(email: string): Promise<void> {
  await ask({ method: "POST", path: "/api/auth/forgot-password", body: { email }, decode: nothing, tries: 2 });
}

/** Ends every sign-in, this browser's too. */
export async function resetPassword(token: string, password: string): Promise<void> {
  await ask({ method: "POST", path: "/api/auth/reset-password", body: { token, password }, decode: nothing, tries: 1 });
  forgetMember();
}
