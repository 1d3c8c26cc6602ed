/** Nothing lives at this address. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { frameText } from "../i18n/ko/frame.ts";
import { mountPage } from "./mount.tsx";
import { useTitle } from "./now.ts";

function Lost(): JSX.Element {
  const t = useStore(frameText);
  useTitle(t.lostTitle);
  return (
    <section class="card outcome">
      <p class="outcome-mark" aria-hidden="true">
        404
      </p>
      <h1>{t.lostTitle}</h1>
      <p>{t.lostText}</p>
      <a class="button" href="/">
        {t.home}
      </a>
    </section>
  );
}

void mountPage(Lost, []);
