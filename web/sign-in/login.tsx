/** Signing in. */
import type { JSX } from "preact";
import { signInText } from "../i18n/ko/sign-in.ts";
import { mountPage } from "../page/mount.tsx";
import { SignInForm } from "./form.tsx";

function Login(): JSX.Element {
  return <SignInForm signingUp={false} />;
}

void mountPage(Login, [signInText]);
