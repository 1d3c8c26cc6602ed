/** Where one's own receipt leads. Numbers and places count from one for people. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { drawText } from "../i18n/ko/draw.ts";
import { language } from "../i18n/language.ts";
import { momentText } from "../format/moment.ts";
import type { Own } from "./steps.ts";
import { Value } from "./value.tsx";

export function OwnPlace({ own, receipt }: { readonly own: Own; readonly receipt: string | null }): JSX.Element {
  const t = useStore(drawText);
  const chosen = useStore(language);
  const number = (own.number + 1).toLocaleString(chosen);
  const place = own.place === null ? null : (own.place + 1).toLocaleString(chosen);
  return (
    <div class="own">
      <h3>{t.own}</h3>
      <p class="own-place">{place === null ? t.ownToDraw({ number }) : t.ownPlace({ number, place })}</p>
      {own.late && <p>{t.ownLate}</p>}
      <p class="faint">{t.ownAt({ time: momentText(own.joinedAt, chosen) })}</p>
      {receipt !== null && (
        <div class="faint">
          {t.ownReceipt} <Value of={receipt} />
        </div>
      )}
    </div>
  );
}
