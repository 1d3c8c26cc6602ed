/** What to tell a person when something did not work. */
import { needsLogin } from "../account.ts";
import { Problem, Unreachable } from "../api.ts";
import { withReference } from "./reference.ts";
import { problemsText } from "../i18n/ko/problems.ts";

export function sentenceOf(error: unknown): string {
  const texts: Readonly<Record<string, unknown>> = problemsText.get();
  const said = (code: string): string => {
    const found = texts[code];
    return typeof found === "string" ? found : "";
  };
  if (error instanceof Problem) {
    const sentence = said(error.code) || error.title || said("unexpected");
    return withReference(sentence, said("reference"), error);
  }
  return said(error instanceof Unreachable ? "unreachable" : "unexpected");
}

export function isStranger(error: unknown): boolean {
  return error instanceof Problem && needsLogin(error.code);
}
