/** English texts of signing in and up. */
import type { Key } from "../ko/sign-in.ts";

const english: Record<Key, string> = {
  loginTitle: "Sign in",
  signupTitle: "Create an account",
  email: "E-mail",
  password: "Password",
  passwordHint: "At least 8 characters",
  nickname: "Nickname",
  nicknameHint: "The name shown on screen.",
  login: "Sign in",
  signup: "Create the account",
  working: "One moment…",
  noAccount: "No account yet?",
  haveAccount: "Have an account?",
  toSignup: "Create one",
  toLogin: "Sign in",
  show: "Show the password",
  forgot: "Forgot your password?",
  emailEmpty: "Please enter your e-mail address.",
  emailWrong: "This does not look like an e-mail address.",
  passwordEmpty: "Please enter your password.",
  passwordShort: "The password needs at least 8 characters.",
  nicknameEmpty: "Please enter a nickname.",
  checkFields: "Please check the fields below.",
  challengeFirst: "Please finish the check below first.",
  nextHint: "You will return to where you were.",
};

export default english;
