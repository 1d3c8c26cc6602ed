/** Signing up, in and out. */
import { forgetMember, type MemberHint, rememberMember } from "../account.ts";
import { ask } from "../api.ts";
import { fields, nothing, text } from "../decode.ts";

const member = fields<MemberHint>({ id: text, nickname: text, role: text });

export async function logIn(email: string, password: string): Promise<void> {
  const answer = await ask({
    method: "POST",
    path: "/api/auth/login",
    body: { email, password },
    decode: fields({ member }),
    tries: 2,
  });
  rememberMember(answer.member);
}

export async function signUp(
  email: string,
  password: string,
  nickname: string,
  turnstileToken: string | null,
): Promise<void> {
  const body = { email, password, nickname, ...(turnstileToken === null ? {} : { turnstileToken }) };
  await ask({ method: "POST", path: "/api/auth/signup", body, decode: fields({ member }), tries: 2 });
}

export async function logOut(): Promise<void> {
  try {
    await ask({ method: "POST", path: "/api/auth/logout", decode: nothing, repeatable: true });
  } finally {
    forgetMember();
  }
}
