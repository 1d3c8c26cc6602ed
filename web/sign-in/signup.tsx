/** Creating an account. */
import type { JSX } from "preact";
import { signInText } from "../i18n/ko/sign-in.ts";
import { mountPage } from "../page/mount.tsx";
import { SignInForm } from "./form.tsx";

function SignUp(): JSX.Element {
  return <SignInForm signingUp={true} />;
}

void mountPage(SignUp, [signInText]);
