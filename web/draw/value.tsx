/** A long value: shortened, and in full for those who ask. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { drawText } from "../i18n/ko/draw.ts";

export function Value({ of }: { readonly of: string }): JSX.Element {
  const t = useStore(drawText);
  return (
    <details class="value">
      <summary>
        <span class="code">
          {of.slice(0, 8)}…{of.slice(-8)}
        </span>{" "}
        <span class="value-more">{t.whole}</span>
      </summary>
      <p class="code value-whole">{of}</p>
    </details>
  );
}
