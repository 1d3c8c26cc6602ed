/** Signing in; and, for who is signed in and lacks only the proof of being a person, the way to that. */
import type { JSX } from "preact";
import { forgetMember } from "../account.ts";
import { renewLogin } from "../api.ts";
import { challengeFacts } from "../calls/challenge.ts";
import { signInText } from "../i18n/ko/sign-in.ts";
import { memberHint } from "../member-hint.ts";
import { mountPage } from "../page/mount.tsx";
import { SignInForm } from "./form.tsx";

function Login(): JSX.Element {
  return <SignInForm signingUp={false} />;
}

/** Pages lead here whenever the server does not know enough of who is asking; only this page asks what is missing. */
async function missesOnlyTheChallenge(): Promise<boolean> {
  if (memberHint() === null || !new URLSearchParams(location.search).has("next")) return false;
  try {
    if (!(await challengeFacts()).join) return false;
    if (await renewLogin()) return true;
  } catch {
    return false;
  }
  forgetMember();
  return false;
}

async function start(): Promise<void> {
  if (await missesOnlyTheChallenge()) location.replace(`/challenge${location.search}`);
  else await mountPage(Login, [signInText]);
}

void start();
