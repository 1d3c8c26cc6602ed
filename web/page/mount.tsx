/** Starts a page: texts first, then the frame and the content. */
import type { Messages } from "@nanostores/i18n";
import type { ComponentType } from "preact";
import { render } from "preact";
import { frameText } from "../i18n/ko/frame.ts";
import { problemsText } from "../i18n/ko/problems.ts";
import { timeText } from "../i18n/ko/time.ts";
import { translated } from "../i18n/language.ts";
import { Frame } from "./frame.tsx";

export async function mountPage(Content: ComponentType, texts: readonly Pick<Messages, "listen">[]): Promise<void> {
  await translated([frameText, problemsText, timeText, ...texts]);
  const target = document.getElementById("app");
  if (target === null) return;
  render(
    <Frame>
      <Content />
    </Frame>,
    target,
  );
}
