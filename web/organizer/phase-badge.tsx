/** Where a performance stands, as its organiser calls it. */
import { useStore } from "@nanostores/preact";
import type { JSX } from "preact";
import { organizerText } from "../i18n/ko/organizer.ts";

const phases = ["scheduled", "gathering", "sealed", "open", "paused", "soldout", "closed"] as const;

export function PhaseBadge({ phase }: { readonly phase: string }): JSX.Element {
  const t = useStore(organizerText);
  const known = phases.find((one) => one === phase) ?? "unpublished";
  return (
    <span class={`badge badge-${known}`} data-phase={known}>
      {t[known]}
    </span>
  );
}
